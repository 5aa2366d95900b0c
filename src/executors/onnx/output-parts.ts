import type { OnnxFile } from './read.ts';

/** Operators that move values and do not change them. */
const PLUMBING: ReadonlySet<string> = new Set([
  ...['Concat', 'Reshape', 'Transpose', 'Identity', 'Cast', 'Squeeze', 'Unsqueeze', 'Flatten'],
  ...['Split', 'Slice', 'Gather'],
]);

/** The operators whose values an output consists of: of YOLOX's predictions `Conv` and `Sigmoid`. */
export function outputParts({ proto: { graph } }: OnnxFile, output: string): ReadonlySet<string> {
  const makers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const parts = new Set<string>();
  const seen = new Set<string>();
  const open = [output];
  while (open.length > 0) {
    const name = open.pop()!;
    const node = makers.get(name);
    if (!node || seen.has(name)) continue;
    seen.add(name);
    if (!PLUMBING.has(node.opType)) parts.add(node.opType);
    // What a slice or a shape depends on is not among the values.
    else open.push(...(node.opType === 'Concat' ? node.input : node.input.slice(0, 1)));
  }
  return parts;
}
