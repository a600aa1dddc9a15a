import assert from "node:assert/strict";
import { test } from "node:test";

import { Gestures } from "../../frontend/js/ui/gestures.js";
import { Tools, filterOf, sharpening } from "../../frontend/js/ui/tools.js";
import { MOST, WHOLE, fit, moved, pan, placed, quarter, turn, within, zoomBy } from "../../frontend/js/ui/zoom.js";

const LANDSCAPE = { width: 640, height: 480 };
const PHONE = { width: 390, height: 600 };

/** Where a place of the picture (as it comes, 0 to 1) is in the frame, in pixels. */
function shown(look, frame, turns, { x, y }) {
  const { box, transform } = placed(look, LANDSCAPE, frame, turns);
  const [, across, down, scale, angle] = /translate\((.*)px, (.*)px\) scale\((.*)\) rotate\((.*)deg\)/.exec(transform).map(Number);
  const [dx, dy] = [(x - 0.5) * box.width * scale, (y - 0.5) * box.height * scale];
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const middle = { x: across + box.width / 2, y: down + box.height / 2 };
  return { x: middle.x + dx * cos - dy * sin, y: middle.y + dx * sin + dy * cos };
}
const near = (one, two) => assert.ok(Math.hypot(one.x - two.x, one.y - two.y) < 0.5, JSON.stringify([one, two]));

test("the whole picture is seen in the middle of every frame, whichever way it is turned", () => {
  for (const frame of [PHONE, { width: 900, height: 400 }, LANDSCAPE]) {
    for (const turns of [0, 1, 2, 3]) {
      const corners = [[0, 0], [1, 0], [0, 1], [1, 1]].map(([x, y]) => shown(WHOLE, frame, turns, { x, y }));
      for (const { x, y } of corners) assert.ok(x > -0.5 && x < frame.width + 0.5 && y > -0.5 && y < frame.height + 0.5);
      near(shown(WHOLE, frame, turns, { x: 0.5, y: 0.5 }), { x: frame.width / 2, y: frame.height / 2 });
      const { size } = fit(LANDSCAPE, frame, turns);
      assert.ok(Math.abs(size.width - frame.width) < 0.01 || Math.abs(size.height - frame.height) < 0.01);
    }
  }
});

test("a quarter to the right brings the upper left corner to the upper right, and back again", () => {
  const frame = { width: 400, height: 400 };
  const corner = [0, 1, 2, 3].map((turns) => shown(WHOLE, frame, turns, { x: 0, y: 0 }));
  near(corner[0], { x: 0, y: 50 });
  near(corner[1], { x: 350, y: 0 });
  near(corner[2], { x: 400, y: 350 });
  near(corner[3], { x: 50, y: 400 });
  assert.deepEqual([turn(0, 1), turn(3, 1), turn(0, -1)], [1, 0, 3]);
});

test("what is in the middle stays there when the picture is turned", () => {
  const frame = { width: 400, height: 400 };
  const look = { scale: 4, x: 0.3, y: 0.6 };
  near(shown(look, frame, 0, { x: 0.3, y: 0.6 }), { x: 200, y: 200 });
  near(shown(quarter(look), frame, 1, { x: 0.3, y: 0.6 }), { x: 200, y: 200 });
  near(shown(quarter(quarter(look)), frame, 2, { x: 0.3, y: 0.6 }), { x: 200, y: 200 });
});

test("what is under the finger stays under it while it comes nearer", () => {
  const { room } = fit(LANDSCAPE, PHONE, 0);
  const began = { scale: 4, x: 0.4, y: 0.6 };
  const at = { x: 0.2, y: -0.1 };
  const place = { x: began.x + (at.x * room.x) / 4, y: began.y + (at.y * room.y) / 4 };
  const wanted = { x: PHONE.width * 0.7, y: PHONE.height * 0.4 };
  near(shown(began, PHONE, 0, place), wanted);
  near(shown(zoomBy(began, 1.7, room, at), PHONE, 0, place), wanted);
});

test("a pinch loses nothing at an edge: counted from where it began, it comes back", () => {
  const { room } = fit(LANDSCAPE, PHONE, 0);
  const [from, to] = [{ x: 0.3, y: 0.1 }, { x: 0.1, y: 0.2 }];
  const place = { x: WHOLE.x + from.x * room.x, y: WHOLE.y + from.y * room.y };
  const at = shown(moved(WHOLE, 4, from, to, room), PHONE, 0, place);
  near(at, { x: PHONE.width * 0.6, y: PHONE.height * 0.7 });
  assert.deepEqual(moved(WHOLE, 1, from, from, room), WHOLE);
});

test("nothing beyond an edge comes into a full frame, and a bare side stays in the middle", () => {
  const { room } = fit(LANDSCAPE, PHONE, 0); // as wide as the frame, half as high
  const far = pan(zoomBy(WHOLE, 1.5, room), 9, 9, room);
  assert.equal(far.y, 0.5); // still lower than the frame
  near(shown(far, PHONE, 0, { x: 1, y: 0.5 }), { x: PHONE.width, y: PHONE.height / 2 });
  const corner = pan(zoomBy(WHOLE, MOST, room), 9, 9, room);
  near(shown(corner, PHONE, 0, { x: 1, y: 1 }), { x: PHONE.width, y: PHONE.height });
  assert.deepEqual(within({ scale: 1, x: 0.1, y: 0.9 }, room), WHOLE);
  assert.equal(zoomBy(WHOLE, 100, room).scale, MOST);
});

/** A frame of 400 by 200 at (100, 50), and what it was told. */
function frame() {
  const told = [];
  const heard = {};
  const element = {
    addEventListener: (type, run) => void (heard[type] = run),
    setPointerCapture: () => undefined,
    getBoundingClientRect: () => ({ left: 100, top: 50, width: 400, height: 200 }),
  };
  let scale = 1;
  new Gestures(element, {
    onGrip: () => told.push(["grip"]),
    onMove: (times, from, to) => told.push(["move", times, from, to]),
    onWheel(times, at) {
      const before = scale;
      scale = Math.max(1, scale * times);
      told.push(["wheel", times, at.x, at.y]);
      return scale !== before;
    },
    onTap: ({ x, y }) => told.push(["tap", x, y]),
    onDouble: ({ x, y }) => told.push(["double", x, y]),
    onRest: () => told.push(["rest"]),
  });
  const finger = (type, pointerId, clientX, clientY, timeStamp = 0, button = 0) =>
    heard[`pointer${type}`]({ pointerId, clientX, clientY, timeStamp, button });
  const wheel = (more) => {
    let prevented = false;
    heard.wheel({ deltaMode: 0, ctrlKey: false, clientX: 300, clientY: 150, ...more, preventDefault: () => (prevented = true) });
    return prevented;
  };
  return { told, finger, wheel };
}

const taps = (told) => told.map(([what]) => what).filter((what) => what !== "grip");

test("a finger that moves drags the picture, and one that hardly moves taps it", () => {
  const { told, finger } = frame();
  finger("down", 1, 300, 150);
  finger("move", 1, 303, 150);
  assert.deepEqual(told, [["grip"]]);
  finger("move", 1, 250, 150);
  finger("up", 1, 250, 150);
  assert.deepEqual(told.slice(1), [["move", 1, { x: 0, y: 0 }, { x: -0.125, y: 0 }], ["rest"]]);
  told.length = 0;
  finger("down", 1, 400, 100, 5000);
  finger("up", 1, 400, 100, 5050);
  assert.deepEqual(told.slice(1), [["tap", 0.25, -0.25]]);
});

test("two taps at one place are a double tap, and three are no second one", () => {
  const { told, finger } = frame();
  for (const ms of [0, 200, 400]) {
    finger("down", 1, 300, 150, ms);
    finger("up", 1, 300, 150, ms + 50);
  }
  assert.deepEqual(taps(told), ["tap", "double", "tap"]);
  told.length = 0;
  for (const [ms, x] of [[5000, 300], [5200, 390], [6000, 390]]) { // elsewhere, and too late
    finger("down", 1, x, 150, ms);
    finger("up", 1, x, 150, ms);
  }
  assert.deepEqual(taps(told), ["tap", "tap", "tap"]);
});

test("two fingers zoom at their middle by how far they part; a third does nothing", () => {
  const { told, finger } = frame();
  finger("down", 1, 200, 150);
  finger("down", 2, 300, 150);
  finger("down", 3, 0, 0);
  finger("move", 3, 90, 90);
  finger("move", 2, 400, 150);
  assert.deepEqual(told, [["grip"], ["grip"], ["move", 2, { x: -0.125, y: 0 }, { x: 0, y: 0 }]]);
  told.length = 0;
  finger("up", 2, 400, 150);
  finger("move", 1, 250, 150); // the other one goes on by itself
  finger("up", 1, 250, 150);
  assert.deepEqual(told, [["grip"], ["move", 1, { x: -0.25, y: 0 }, { x: -0.125, y: 0 }], ["rest"]]);
});

test("a gesture that the browser takes for scrolling, and another button, do nothing", () => {
  const { told, finger } = frame();
  finger("down", 1, 200, 150);
  finger("cancel", 1, 200, 150);
  finger("down", 1, 200, 150, 0, 2);
  finger("move", 1, 300, 150);
  finger("up", 1, 300, 150);
  assert.deepEqual(told, [["grip"], ["rest"]]);
});

test("a wheel zooms towards the pointer in lines as in pixels, and scrolls the page again at the end", () => {
  const { told, wheel } = frame();
  assert.equal(wheel({ deltaY: -160 }), true);
  assert.equal(wheel({ deltaY: -10, deltaMode: 1 }), true);
  const [[, pixels], , [, lines]] = told;
  assert.equal(pixels, lines);
  assert.ok(pixels > 1);
  assert.equal(wheel({ deltaY: 9e9 }), true);
  assert.ok(told.at(-2)[1] > 0.5, "one turn is no leap");
  for (let turns = 0; turns < 9; turns += 1) wheel({ deltaY: 240 });
  assert.equal(wheel({ deltaY: 240 }), false);
  assert.equal(wheel({ deltaY: 240, ctrlKey: true }), true, "else the whole page would shrink");
});

test("an untouched picture is seen through no glass, and each tool is one part of it", () => {
  const plain = { brightness: 100, contrast: 100, sharpness: 0, plain: false, inverted: false };
  assert.equal(filterOf(plain), "none");
  assert.equal(filterOf({ ...plain, brightness: 150 }), "brightness(1.5)");
  assert.equal(filterOf({ ...plain, contrast: 50, inverted: true }), "contrast(0.5) invert(1)");
  assert.equal(filterOf({ ...plain, plain: true, inverted: true }), "grayscale(1) contrast(2) invert(1)");
  assert.match(filterOf({ ...plain, sharpness: 5, brightness: 30 }), /^url\(#sharper\) brightness/);
});

test("sharpening leaves an even wall as it is", () => {
  for (const percent of [0, 5, 50, 100]) {
    const { k2, k3 } = sharpening(percent);
    assert.ok(Math.abs(Number(k2) + Number(k3) - 1) < 1e-9);
  }
  assert.deepEqual(sharpening(0), { k2: "1", k3: "0" });
});

/** As much of a page as the tools touch. */
class HTMLElement {
  style = {};
  hidden = true;
  attributes = {};
  listeners = {};
  addEventListener(type, run) { this.listeners[type] = run; }
  setAttribute(name, value) { this.attributes[name] = value; }
  getAttribute(name) { return this.attributes[name] ?? null; }
}
class HTMLButtonElement extends HTMLElement {}
class HTMLInputElement extends HTMLElement {}
class SVGElement extends HTMLElement {}

function tools() {
  const found = new Map();
  const kind = (selector) =>
    selector.startsWith("#tools [") ? HTMLInputElement : selector.startsWith("#sharper") ? SVGElement
      : ["#tools-open", "#reset"].includes(selector) ? HTMLButtonElement : HTMLElement;
  const querySelector = (selector) => {
    if (!found.has(selector)) found.set(selector, new (kind(selector))());
    return found.get(selector);
  };
  Object.assign(globalThis, { HTMLElement, HTMLButtonElement, HTMLInputElement, SVGElement, document: { querySelector } });
  const said = [];
  const glimpse = (text) => said.push(text);
  const all = new Tools({ language: "en", words: (key) => key, glimpse }, () => said.push("upright"));
  const input = (name) => querySelector(`#tools [name="${name}"]`);
  return { all, said, input, at: querySelector, filter: () => querySelector(".stage").style.filter };
}

test("a knob changes what is seen and says where it stands, and a reset undoes it all and says so", () => {
  const { said, input, at, filter } = tools();
  assert.equal(filter(), "none");
  input("brightness").valueAsNumber = 150;
  input("inverted").checked = true;
  input("brightness").listeners.input();
  assert.equal(filter(), "brightness(1.5) invert(1)");
  assert.equal(input("brightness").attributes["aria-valuetext"], "150%");
  at("#reset").listeners.click();
  assert.deepEqual([filter(), input("brightness").valueAsNumber, input("inverted").checked], ["none", 100, false]);
  assert.deepEqual(said, ["upright", "picture.reset"]);
});

test("what was chosen is gone with the call; whether the tools lie open stays", () => {
  const { all, input, at, filter } = tools();
  at("#tools-open").listeners.click();
  input("sharpness").valueAsNumber = 100;
  input("sharpness").listeners.input();
  assert.match(filter(), /sharper/);
  all.clear();
  assert.equal(filter(), "none");
  assert.deepEqual([at("#tools").hidden, at("#tools-open").attributes["aria-expanded"]], [false, "true"]);
  at("#tools-open").listeners.click();
  assert.equal(at("#tools").hidden, true);
});
