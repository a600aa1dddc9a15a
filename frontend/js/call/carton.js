/** What stands before the played camera in a practice? A milk carton with a date, printed small. */

/**
 * @typedef {{light: boolean, times: number, at_s: number, words: {milk: string, date: string}}} Scene
 *   `times`: as near as how many times; `at_s`: the hand that holds the phone sways with the time
 */

export const WIDTH = 1280;
export const HEIGHT = 720;
/** Where the date stands: a camera that comes nearer comes nearer to it. */
const DATE = { x: 640, y: 452 };
const SWAY = 7;
const DARKNESS = 0.88;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} scale of the picture, 1 for that of a film
 * @param {Scene} scene
 */
export function draw(context, scale, { light, times, at_s, words }) {
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.fillStyle = "#6d5a46";
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.translate(WIDTH / 2, HEIGHT / 2);
  context.scale(times, times);
  const near = 1 - 1 / times;
  context.translate(-WIDTH / 2 + near * (WIDTH / 2 - DATE.x), -HEIGHT / 2 + near * (HEIGHT / 2 - DATE.y));
  context.translate(SWAY * Math.sin(at_s * 1.7), SWAY * 0.6 * Math.sin(at_s * 1.1));
  drawTable(context);
  drawCarton(context, words);
  if (light) return;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.fillStyle = `rgb(4 5 10 / ${DARKNESS})`;
  context.fillRect(0, 0, WIDTH, HEIGHT);
}

/** @param {CanvasRenderingContext2D} context */
function drawTable(context) {
  context.fillStyle = "#c9b79c";
  context.fillRect(-40, 560, WIDTH + 80, 260);
  context.fillStyle = "#8a7459";
  context.fillRect(-40, 552, WIDTH + 80, 10);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene["words"]} words
 */
function drawCarton(context, { milk, date }) {
  shape(context, "#dfe9f2", [[500, 200], [540, 110], [740, 110], [780, 200]]);
  shape(context, "#f7fafc", [[500, 200], [780, 200], [780, 610], [500, 610]]);
  shape(context, "#2c6bb3", [[500, 250], [780, 250], [780, 380], [500, 380]]);
  context.textAlign = "center";
  context.fillStyle = "#ffffff";
  context.font = "700 76px system-ui, sans-serif";
  context.fillText(milk, DATE.x, 342, 260);
  context.fillStyle = "#20262c";
  context.font = "600 13px system-ui, sans-serif";
  context.fillText(date, DATE.x, DATE.y, 260);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {[number, number][]} corners
 */
function shape(context, colour, corners) {
  context.fillStyle = colour;
  context.beginPath();
  for (const [x, y] of corners) context.lineTo(x, y);
  context.fill();
}
