import { decodeHead, type HeadOutput } from '../../boxes/decode-heads.ts';
import type { AddBox, DecoderView, Outputs } from './decoder.ts';

/** A head of this library's own networks. Its logits are [1, anchors · (5 + classes), rows, columns]. */
export type OwnHead = {
  /** Name of the output. */
  readonly name: string;
  readonly classes: number;
  readonly anchors: readonly (readonly [width: number, height: number])[];
} & (
  | { readonly type: 'yolo'; readonly scaleXY: number; readonly center?: 'sigmoid' | 'linear' | undefined }
  | { readonly type: 'region'; readonly softmax: boolean }
);

/** Defaults for the boxes of such heads. */
export const HEADS_DEFAULTS = { iouThreshold: 0.45, evaluationThreshold: 0.001, multiLabel: true } as const;

/** Returns the part of a head's output that belongs to one image. */
export function headOutput(head: OwnHead, { data, shape }: Outputs[string], image = 0): HeadOutput {
  const [channels, height, width] = [shape[1]!, shape[2]!, shape[3]!];
  const { type: kind, classes, anchors } = head;
  const form =
    head.type === 'yolo'
      ? { scaleXY: head.scaleXY, linear: head.center === 'linear' }
      : { softmax: head.softmax };
  return { kind, data, offset: image * channels * height * width, height, width, classes, anchors, ...form };
}

/** Decodes the outputs of such heads. */
export function decodeHeads(
  heads: readonly OwnHead[],
  outputs: Outputs,
  { input, scoreThreshold }: DecoderView,
  add: AddBox,
): void {
  const options = { inputWidth: input.width, inputHeight: input.height, scoreThreshold };
  for (const head of heads) decodeHead(headOutput(head, outputs[head.name]!), options, { add });
}
