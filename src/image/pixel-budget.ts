/** Pixels that are decoded at a time, all images together: 300 MB of them. A larger image is decoded alone. */
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
 * Decodes when there is room for so many pixels beside the images that are decoded at the moment. Memory belongs to the
 * process, so the budget does too.
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
