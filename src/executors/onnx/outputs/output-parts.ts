import type { OnnxFile } from '../read.ts';

/** Operators that move values and do not change them. */
const PLUMBING: ReadonlySet<string> = new Set([
  ...['Concat', 'Reshape', 'Transpose', 'Identity', 'Cast', 'Squeeze', 'Unsqueeze', 'Flatten'],
  ...['Split', 'Slice', 'Gather'],
]);

/** The operators whose values an output consists of: of YOLOX's predictions `Conv` and `Sigmoid`. */
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
    // What a slice or a shape depends on is not among the values.
    else open.push(...(node.operator === 'Concat' ? node.inputs : node.inputs.slice(0, 1)));
  }
  return parts;
}
