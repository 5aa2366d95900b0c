import type { Size } from '../../boxes/formats.ts';
import { type Placement, toInput } from '../../image/letterbox.ts';
import type { DecoderView } from '../decoders/decoder.ts';

/** Returns what a decoder may know about an image with this placement. */
export function decoderView(
  placement: Placement,
  input: Size,
  classes: number,
  scoreThreshold: number,
  multiLabel: boolean,
): DecoderView {
  const { original } = placement;
  return {
    input,
    original,
    classes,
    scoreThreshold,
    multiLabel,
    fromPhoto: (box) => toInput(box, placement),
  };
}
