import { readFile, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { glob } from 'tinyglobby';
import * as z from 'zod';

/** A tensor that a node read or wrote: its ONNX element type, such as `float`, and its shape. */
export interface ProfiledTensor {
  readonly type: string;
  readonly shape: readonly number[];
}

/** A node that was run, with its times. */
export interface ProfiledNode {
  readonly name: string;
  /** ONNX operation, such as `Conv`. */
  readonly operation: string;
  readonly inputs: readonly ProfiledTensor[];
  readonly outputs: readonly ProfiledTensor[];
  /** Milliseconds of each run. */
  readonly milliseconds: readonly number[];
}

const tensorsSchema = z.array(z.record(z.string(), z.array(z.number()))).default([]);

const eventSchema = z.object({
  cat: z.string(),
  name: z.string(),
  ts: z.number(),
  dur: z.number().default(0),
  args: z
    .object({
      op_name: z.string().optional(),
      input_type_shape: tensorsSchema,
      output_type_shape: tensorsSchema,
    })
    .prefault({}),
});

const KERNEL = '_kernel_time';

const tensors = (list: z.infer<typeof tensorsSchema>) =>
  list.flatMap((entry) => Object.entries(entry).map(([type, shape]) => ({ type, shape })));

/**
 * Reads and deletes the profile that a session wrote. Nodes are in the order in which they first ran. The first run,
 * which allocates memory, does not count.
 * @param prefix of the profile's file
 */
export async function takeProfiledNodes(prefix: string): Promise<readonly ProfiledNode[]> {
  const [file] = await glob(`${basename(prefix)}*.json`, { cwd: dirname(prefix), absolute: true });
  if (file === undefined) return [];
  const events = z.array(eventSchema).parse(JSON.parse(await readFile(file, 'utf8')));
  await rm(file);
  const runs = events.filter(({ name }) => name === 'model_run').map(({ ts }) => ts);
  const from = runs.toSorted((a, b) => a - b)[1] ?? 0;
  const nodes = new Map<string, ProfiledNode & { readonly milliseconds: number[] }>();
  const kernels = events.filter(({ cat, name, ts }) => cat === 'Node' && name.endsWith(KERNEL) && ts >= from);
  for (const { name: event, dur, args } of kernels.sort((a, b) => a.ts - b.ts)) {
    const name = event.slice(0, -KERNEL.length);
    const known = nodes.get(name);
    if (known) known.milliseconds.push(dur / 1000);
    else {
      nodes.set(name, {
        name,
        operation: args.op_name ?? name,
        inputs: tensors(args.input_type_shape),
        outputs: tensors(args.output_type_shape),
        milliseconds: [dur / 1000],
      });
    }
  }
  return [...nodes.values()];
}
