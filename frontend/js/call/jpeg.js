/** Is this a photograph, and how large? Read from its head, before any decoder looks at it. */

// Markers that carry the picture's size; C4, C8 and CC among them are tables.
const SIZES = [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
const SCAN = 0xda;

/**
 * @param {Uint8Array} bytes
 * @returns {{width: number, height: number} | null} null for what is no JPEG
 */
export function sizeOfJpeg(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? SCAN;
    if (SIZES.includes(marker)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    if (marker === SCAN) return null;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
