/** Does the microphone hear anything? */

const LISTEN_MS = 1_500;
const HEARD = 0.01;

/**
 * @param {MediaStreamTrack} track
 * @param {(level: number) => void} onLevel 0 to 1, some twenty times a second
 * @returns {Promise<boolean>} whether anything was heard
 */
export async function listen(track, onLevel) {
  const context = new AudioContext();
  await context.resume();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let most = 0;
  const watch = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const level = Math.max(...samples.map(Math.abs));
    most = Math.max(most, level);
    onLevel(level);
  }, 50);
  await new Promise((resolve) => setTimeout(resolve, LISTEN_MS));
  clearInterval(watch);
  await context.close();
  return most > HEARD;
}
