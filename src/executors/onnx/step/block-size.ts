import { NCHWC } from '../blocked/layout.ts';
import { encodeOnnx } from '../file.ts';
import { createSession } from '../session/session.ts';

/** Number of channels used to detect the block size. No CPU has blocks this large. */
const CHANNELS = 64;

let asked: Promise<number | undefined> | undefined;

async function ask(): Promise<number | undefined> {
  const model = encodeOnnx({
    name: 'block size',
    opset: 17,
    domains: [NCHWC],
    nodes: [{ type: 'ReorderInput', inputs: ['x'], outputs: ['y'], domain: NCHWC }],
    inputs: [{ name: 'x', type: 'float32', shape: [1, CHANNELS, 1, 2] }],
    outputs: [{ name: 'y', type: 'float32', shape: [1, CHANNELS, 1, 2] }],
    initializers: [],
    metadata: {},
  });
  try {
    await using session = await createSession(model, { threads: 1 });
    const data = Float32Array.from({ length: 2 * CHANNELS }, (_, index) => index);
    const { y } = await session.run({ x: { shape: [1, CHANNELS, 1, 2], data } });
    // In the blocked layout, the first pixels of a block's channels are adjacent: 0, 2, 4 …
    let block = 1;
    while (block < CHANNELS && y!.data[block] === 2 * block) block++;
    return block > 1 && block < CHANNELS ? block : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the number of channels per block in ONNX Runtime's layout on this CPU, or undefined if it has no such layout.
 */
export function blockSize(): Promise<number | undefined> {
  asked ??= ask();
  return asked;
}

/** Block size of AVX2, which most CPUs have at least. */
const USUAL_BLOCK = 8;

/** Returns the number that channel counts should be multiples of, to be fast on this CPU. */
export async function channelMultiple(): Promise<number> {
  return (await blockSize()) ?? USUAL_BLOCK;
}
