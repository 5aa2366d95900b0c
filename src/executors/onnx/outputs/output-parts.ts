import type { OnnxFile } from '../read.ts';

/** Operators that move values without changing them. */
const PLUMBING: ReadonlySet<string> = new Set([
  ...['Concat', 'Reshape', 'Transpose', 'Identity', 'Cast', 'Squeeze', 'Unsqueeze', 'Flatten'],
  ...['Split', 'Slice', 'Gather'],
]);

/** Returns the operators whose values make up an output. For YOLOX's predictions, these are `Conv` and `Sigmoid`. */
export function outputParts({ nodes }: OnnxFile, output: string): ReadonlySet<string> {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const parts = new Set<string>();
  const seen = new Set<string>();
  const open = [output];
  while (open.length > 0) {
    const name = open.pop()!;
    const node = makers.get(name);
    if (!node || seen.has(name)) continue;
    seen.add(name);
    if (!PLUMBING.has(node.operator)) parts.add(node.operator);
    // The other inputs, such as the bounds of a slice, do not contribute values.
    else open.push(...(node.operator === 'Concat' ? node.inputs : node.inputs.slice(0, 1)));
  }
  return parts;
}
