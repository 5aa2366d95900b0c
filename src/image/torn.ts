import sharp from 'sharp';

/** Of an image's lines so many may be missing at its end. */
const MAX_MISSING = 0.05;
/** Even of a small image, one row of a JPEG's blocks. */
const BLOCK_LINES = 16;

const START_OF_SCAN = 0xda;
const PROGRESSIVE = 0xc2;

/** Where the next marker begins after compressed data, in which stuffed zeros and restarts are none. */
function afterScan(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && at + 1 < bytes.length) {
    const code = bytes[at + 1]!;
    if (code !== 0 && code !== 0xff && (code < 0xd0 || code > 0xd7)) return at;
    at = bytes.indexOf(0xff, at + 1);
  }
  return bytes.length;
}

/**
 * Whether the last scan of a JPEG has begun. A progressive JPEG sends the whole picture many times, each time finer:
 * before its last scans all pixels are there, but coarse.
 */
function lastScanBegun(bytes: Uint8Array): boolean {
  let isProgressive = false;
  /** Of each component: coefficients that have been sent to their last bit. */
  const complete = new Map<number, Set<number>>();
  let components = 0;
  for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff; ) {
    const code = bytes[at + 1]!;
    const length = 256 * bytes[at + 2]! + bytes[at + 3]!;
    if (code === PROGRESSIVE) {
      isProgressive = true;
      components = bytes[at + 9]!;
    }
    at += 2 + length;
    if (code !== START_OF_SCAN) continue;
    if (!isProgressive) return true;
    const [first = 0, last = 0, bits = 0] = bytes.subarray(at - 3, at);
    if (bits % 16 === 0) {
      const inScan = bytes[at - length + 2]!;
      for (let i = 0; i < inScan; i++) {
        const component = bytes[at - length + 3 + 2 * i]!;
        const sent = complete.get(component) ?? new Set();
        for (let coefficient = first; coefficient <= last; coefficient++) sent.add(coefficient);
        complete.set(component, sent);
      }
    }
    at = afterScan(bytes, at);
  }
  return complete.size === components && [...complete.values()].every((sent) => sent.size === 64);
}

/** What decoders fill the rest of an image with where its data ends: middle gray in a JPEG, black in a PNG. */
const fillOf = (bytes: Uint8Array) => (bytes[0] === 0xff ? 128 : 0);

/** Lines at the bottom, as stored, whose values all are the filling. */
function filledLines(data: Uint8Array, valuesPerLine: number, fill: number): number {
  let at = data.length - 1;
  while (at >= 0 && Math.abs(data[at]! - fill) <= 1) at--;
  return Math.floor((data.length - 1 - at) / valuesPerLine);
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether a file ends before its format's end mark. */
function lacksEnd(bytes: Uint8Array): boolean {
  const buffer = asBuffer(bytes);
  if (bytes[0] === 0x89) return !buffer.includes('IEND', -12, 'latin1');
  if (bytes[0] !== 0xff) return false;
  // A thumbnail's end comes before the image's own data; other data may follow the image.
  const end = buffer.lastIndexOf(Buffer.from([0xff, 0xd9]));
  return end < bytes.length - 2 && end < buffer.lastIndexOf(Buffer.from([0xff, START_OF_SCAN]));
}

/** Whether an error says that the file ends early, in its last data. */
function endsEarly(bytes: Uint8Array, error: unknown): boolean {
  const message = String(error instanceof Error ? error.message : error);
  if (/premature end of JPEG/i.test(message)) return lastScanBegun(bytes);
  return /libpng read error/.test(message) && lacksEnd(bytes);
}

const describe = (lines: string) =>
  `the file is truncated, ${lines}; it is used anyway, but download it again`;

/** What to say of a JPEG or PNG that was decoded whole although its last bytes are missing. */
export function describeUnended(bytes: Uint8Array): string | undefined {
  return lacksEnd(bytes) ? describe('all pixels are there') : undefined;
}

/**
 * Whether a JPEG or PNG that cannot be decoded lacks only its end, so that nearly all pixels are there.
 * @param error what decoding it said
 * @returns what to say of it, or nothing if it is damaged otherwise, or lacks more than a twentieth of its lines
 */
export async function describeTorn(
  bytes: Uint8Array,
  error: unknown,
  limitInputPixels: number,
): Promise<string | undefined> {
  // Of two images that fail at once, libvips gives the words of both to one.
  const isWordless =
    error instanceof Error &&
    error.message === 'Unknown error' &&
    lacksEnd(bytes) &&
    (bytes[0] !== 0xff || lastScanBegun(bytes));
  if (!isWordless && !endsEarly(bytes, error)) return undefined;
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels, failOn: 'none', ignoreIcc: true })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const missing = filledLines(data, info.width * info.channels, fillOf(bytes));
    const most = Math.max(MAX_MISSING * info.height, Math.min(BLOCK_LINES, info.height / 4));
    if (missing > most) return undefined;
    const lines =
      missing > 0 ? `about ${missing} of ${info.height} lines are missing` : 'nearly all pixels are there';
    return describe(lines);
  } catch {
    return undefined;
  }
}
