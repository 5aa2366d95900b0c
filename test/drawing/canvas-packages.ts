import { describe } from 'vitest';
import { type CanvasPackage, loadCanvas } from '../../src/drawing/canvas.ts';

async function problem(name: CanvasPackage): Promise<string | undefined> {
  try {
    await loadCanvas([name]);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const packages = await Promise.all(
  (['canvas', '@napi-rs/canvas'] as const).map(async (name) => ({ name, missing: await problem(name) })),
);

/** A suite for each package that draws. If one is not installed, its suite is skipped and the title says why. */
export function describeDrawing(what: string, tests: (drawing: CanvasPackage) => void): void {
  for (const { name, missing } of packages) {
    const title = missing === undefined ? `${what} with ${name}` : `${what} with ${name} (${missing})`;
    describe.skipIf(missing !== undefined)(title, () => tests(name));
  }
}
