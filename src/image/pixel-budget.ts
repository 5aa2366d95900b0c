/**
 * Maximum number of pixels that are decoded at once, in all images together: 300 MB. A larger image is decoded alone.
 */
const BUDGET = 100_000_000;

let used = 0;
const waiting: { readonly pixels: number; readonly start: () => void }[] = [];

function startThoseThatFit(): void {
  for (let next = waiting[0]; next && (used === 0 || used + next.pixels <= BUDGET); next = waiting[0]) {
    waiting.shift();
    used += next.pixels;
    next.start();
  }
}

/**
 * Decodes as soon as the budget has room for these pixels, in addition to the images that are being decoded. The
 * budget is global, because all code in the process shares its memory.
 */
export async function withinPixelBudget<T>(pixels: number, decode: () => Promise<T>): Promise<T> {
  await new Promise<void>((start) => {
    waiting.push({ pixels, start });
    startThoseThatFit();
  });
  try {
    return await decode();
  } finally {
    used -= pixels;
    startThoseThatFit();
  }
}
