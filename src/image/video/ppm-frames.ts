import type { RgbImage } from '../decode.ts';

const NEWLINE = 0x0a;

/** Returns the size in a PPM header, and where the pixels begin. Undefined if the header is incomplete. */
function readHeader(
  bytes: Buffer,
): { readonly width: number; readonly height: number; readonly start: number } | undefined {
  let start = 0;
  for (let line = 0; line < 3; line++) {
    start = bytes.indexOf(NEWLINE, start) + 1;
    if (start === 0) return undefined;
  }
  const [, width, height] = /^P6\n(\d+) (\d+)\n255\n$/.exec(bytes.toString('latin1', 0, start)) ?? [];
  if (width === undefined || height === undefined) throw new Error('no PPM image');
  return { width: Number(width), height: Number(height), start };
}

/** Yields the images in a stream of PPM files. Each has its own size. */
export async function* ppmFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<RgbImage> {
  let rest: Buffer = Buffer.alloc(0);
  let frame: { readonly width: number; readonly height: number; readonly data: Buffer } | undefined;
  let filled = 0;
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (!frame) {
        const header = readHeader(rest);
        if (!header) break;
        const { width, height, start } = header;
        frame = { width, height, data: Buffer.allocUnsafeSlow(3 * width * height) };
        filled = 0;
        rest = rest.subarray(start);
      }
      const taken = Math.min(rest.length, frame.data.length - filled);
      rest.copy(frame.data, filled, 0, taken);
      filled += taken;
      rest = rest.subarray(taken);
      if (filled < frame.data.length) break;
      const { width, height, data } = frame;
      yield { width, height, data };
      frame = undefined;
    }
  }
}
