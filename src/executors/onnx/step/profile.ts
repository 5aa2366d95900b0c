import { readFile, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { glob } from 'tinyglobby';
import * as z from 'zod';

export interface OperationTime {
  /** ONNX operation, such as `Conv`. */
  readonly operation: string;
  /** Shapes of its inputs. */
  readonly shapes: readonly string[];
  /** Milliseconds a step. */
  readonly milliseconds: number;
}

const eventSchema = z.object({
  cat: z.string(),
  name: z.string(),
  ts: z.number(),
  dur: z.number().default(0),
  args: z
    .object({
      op_name: z.string().optional(),
      input_type_shape: z.array(z.record(z.string(), z.array(z.number()))).optional(),
    })
    .default({}),
});

/**
 * Reads and removes the profile that a session wrote, and gives its operations by their mean time a run, the
 * longest first. The first run, which allocates, does not count.
 * @param prefix of the profile's file
 */
export async function takeProfile(prefix: string): Promise<readonly OperationTime[]> {
  const [file] = await glob(`${basename(prefix)}*.json`, { cwd: dirname(prefix), absolute: true });
  if (file === undefined) return [];
  const events = z.array(eventSchema).parse(JSON.parse(await readFile(file, 'utf8')));
  await rm(file);
  const runs = events.filter(({ name }) => name === 'model_run').slice(1);
  const nodes = new Map<string, OperationTime>();
  for (const { cat, name, ts, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || ts < (runs[0]?.ts ?? 0)) continue;
    const known = nodes.get(name);
    const milliseconds = (known?.milliseconds ?? 0) + dur / 1000 / Math.max(1, runs.length);
    const shapes = (args.input_type_shape ?? []).flatMap((input) =>
      Object.values(input).map((shape) => shape.join('×')),
    );
    nodes.set(name, { operation: args.op_name ?? name, shapes, milliseconds });
  }
  return [...nodes.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}
