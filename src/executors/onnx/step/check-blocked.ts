import { checkStep } from '../../step/self-check.ts';
import { lowerBlockedStep } from '../blocked/lower.ts';
import { encodeOnnx } from '../file.ts';
import { createSession } from '../session/session.ts';

/**
 * Runs a tiny step in the blocked layout, which is internal to ONNX Runtime and may change with its version.
 * @returns a description of the problem, or undefined
 */
export function checkBlocked(block: number): Promise<string | undefined> {
  return checkStep(async (graph, contents) => {
    const { model, packings } = lowerBlockedStep(graph, block);
    await using session = await createSession(encodeOnnx(model), { threads: 1 });
    const feeds = [...contents].map(([name, tensor]) => [name, packings.get(name)?.pack(tensor) ?? tensor]);
    const results = await session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      graph.parameters.map(({ name }) => {
        const { shape, data } = results[`gradient/${name}`]!;
        const tensor = { shape, data: data as Float32Array };
        return [`gradient/${name}`, packings.get(name)?.unpack(tensor) ?? tensor];
      }),
    );
  });
}
