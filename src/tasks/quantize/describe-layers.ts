import { type Convolution, isDepthwise } from '../../compression/quantize/convolutions.ts';
import type { LayerTime } from '../../compression/quantize/layer-times.ts';
import { widthMisfit } from '../../compression/quantize/width-misfits.ts';
import type { QuantizedLayer } from './report.ts';
import type { LayerChoice, Workbench } from './workbench.ts';

/** Measurements of layers, by their outputs. */
export interface LayerMeasurements {
  readonly times: ReadonlyMap<string, LayerTime>;
  readonly damages: ReadonlyMap<string, number>;
  /** Number of channels that the runtime's depthwise kernel processes at once. */
  readonly block: number;
}

function kindOf(convolution: Convolution): QuantizedLayer['kind'] {
  if (isDepthwise(convolution)) return 'depthwise';
  return convolution.kernel.every((side) => side === 1) ? 'pointwise' : 'dense';
}

/**
 * Describes the result for each convolution.
 * @param choice the written layers
 * @param fast the layers chosen by time, before some were left in float for AP50
 */
export function describeLayers(
  { convolutions }: Workbench,
  choice: LayerChoice,
  fast: LayerChoice,
  { times, damages, block }: LayerMeasurements,
): readonly QuantizedLayer[] {
  const [written, fastest] = [new Set(choice.convolutions), new Set(fast.convolutions)];
  const reasonOf = (convolution: Convolution) => {
    if (written.has(convolution)) return undefined;
    if (convolution.isFirst) return 'first layer';
    if (convolution.isLast) return 'last layer';
    return fastest.has(convolution) ? 'harms AP50' : 'int8 is not faster';
  };
  return convolutions.map((convolution): QuantizedLayer => {
    const { name, inChannels, outChannels, output } = convolution;
    return {
      name,
      kind: kindOf(convolution),
      inChannels,
      outChannels,
      precision: written.has(convolution) ? 'int8' : 'float32',
      reason: reasonOf(convolution),
      milliseconds: times.get(output),
      damage: damages.get(output),
      misfit: convolution.isFirst || convolution.isLast ? undefined : widthMisfit(convolution, block),
    };
  });
}
