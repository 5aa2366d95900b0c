import { decodeHead } from '../../boxes/decode-heads.ts';
import type { AddBox, DecoderView, Outputs } from './decoder.ts';

/** A head of this library's own networks: its logits are [1, anchors · (5 + classes), rows, columns]. */
export type OwnHead = {
  /** Of the output. */
  readonly name: string;
  readonly classes: number;
  readonly anchors: readonly (readonly [width: number, height: number])[];
} & (
  | { readonly type: 'yolo'; readonly scaleXY: number }
  | { readonly type: 'region'; readonly softmax: boolean }
);

/** What goes with the boxes of such heads. */
export const HEADS_DEFAULTS = { iouThreshold: 0.45, evaluationThreshold: 0.001, multiLabel: true } as const;

/** Decodes the outputs of such heads. */
export function decodeHeads(
  heads: readonly OwnHead[],
  outputs: Outputs,
  { input, scoreThreshold }: DecoderView,
  add: AddBox,
): void {
  const options = { inputWidth: input.width, inputHeight: input.height, scoreThreshold };
  for (const head of heads) {
    const { data, shape } = outputs[head.name]!;
    const [height, width] = [shape[2]!, shape[3]!];
    const { classes, anchors } = head;
    const form = head.type === 'yolo' ? { scaleXY: head.scaleXY } : { softmax: head.softmax };
    decodeHead({ kind: head.type, data, offset: 0, height, width, classes, anchors, ...form }, options, {
      add,
    });
  }
}
