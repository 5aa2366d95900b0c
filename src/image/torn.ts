import sharp from 'sharp';

/** Maximum share of an image's rows that may be missing at its end. */
const MAX_MISSING = 0.05;
/** One row of JPEG blocks may be missing, even in a small image. */
const BLOCK_LINES = 16;

const START_OF_SCAN = 0xda;
const PROGRESSIVE = 0xc2;

/** Returns the position of the next marker after compressed data. Stuffed zeros and restart markers do not count. */
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
 * Whether the last scan of a JPEG has begun. A progressive JPEG contains the whole image several times, with increasing
 * detail. Before its last scans, all pixels are present, but coarse.
 */
function lastScanBegun(bytes: Uint8Array): boolean {
  let isProgressive = false;
  /** Coefficients of each component whose last bit has been sent. */
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

/** The value with which decoders fill the missing part of an image: middle gray in a JPEG, black in a PNG. */
const fillOf = (bytes: Uint8Array) => (bytes[0] === 0xff ? 128 : 0);

/** Counts the rows at the end of the stored image that only have the fill value. */
function filledLines(data: Uint8Array, valuesPerLine: number, fill: number): number {
  let at = data.length - 1;
  while (at >= 0 && Math.abs(data[at]! - fill) <= 1) at--;
  return Math.floor((data.length - 1 - at) / valuesPerLine);
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether a file ends before the end marker of its format. */
function lacksEnd(bytes: Uint8Array): boolean {
  const buffer = asBuffer(bytes);
  if (bytes[0] === 0x89) return !buffer.includes('IEND', -12, 'latin1');
  if (bytes[0] !== 0xff) return false;
  // A thumbnail's end marker precedes the image's data, and other data may follow the image.
  const end = buffer.lastIndexOf(Buffer.from([0xff, 0xd9]));
  return end < bytes.length - 2 && end < buffer.lastIndexOf(Buffer.from([0xff, START_OF_SCAN]));
}

/** Whether an error says that the file ends early, in the last part of its data. */
function endsEarly(bytes: Uint8Array, error: unknown): boolean {
  const message = String(error instanceof Error ? error.message : error);
  if (/premature end of JPEG/i.test(message)) return lastScanBegun(bytes);
  return /libpng read error/.test(message) && lacksEnd(bytes);
}

const describe = (lines: string) =>
  `the file is truncated, ${lines}; it is used anyway, but download it again`;

/** Describes a JPEG or PNG that was fully decoded although its last bytes are missing. */
export function describeUnended(bytes: Uint8Array): string | undefined {
  return lacksEnd(bytes) ? describe('all pixels are there') : undefined;
}

/**
 * Whether a JPEG or PNG that cannot be decoded lacks only its end, so that nearly all pixels are present.
 * @param error the error from decoding it
 * @returns a note for users, or undefined if it has other damage, or lacks more than 5 % of its rows
 */
export async function describeTorn(
  bytes: Uint8Array,
  error: unknown,
  limitInputPixels: number,
): Promise<string | undefined> {
  // If two images fail at the same time, libvips may report both messages for one of them.
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
