import type { Convolution } from '../../compression/quantize/convolutions.ts';
import type { LayerTime } from '../../compression/quantize/layer-times.ts';
import type { LayerChoice, Workbench } from './workbench.ts';

/** Layers to quantize, with the times of the whole network. */
export interface ChosenLayers extends LayerChoice {
  readonly milliseconds: LayerTime;
}

/**
 * Chooses the layers to quantize by the time of the whole network: all possible layers, or only those that are faster
 * alone. In both cases, the operations between them compute in 8 bits or in float.
 * @param times times of single layers, by their outputs. Empty: all possible layers
 */
export async function chooseLayers(
  bench: Workbench,
  times: ReadonlyMap<string, LayerTime>,
): Promise<ChosenLayers> {
  const isPaying = ({ output }: Convolution) => {
    const time = times.get(output);
    return time === undefined || time.int8 < time.float32;
  };
  const paying = bench.able.filter(isPaying);
  const sets = paying.length === bench.able.length ? [bench.able] : [bench.able, paying];
  const choices = sets
    .filter(({ length }) => length > 0)
    .flatMap((convolutions) => [true, false].map((between) => ({ convolutions, between })));
  const [float32, ...whole] = await bench.time([
    bench.float,
    ...choices.map((choice) => bench.quantized(choice)),
  ]);
  const int8 = Math.min(...whole);
  // If nothing is faster than float here, the file is for other machines, which run whole networks in 8 bits fastest.
  const place = int8 < float32! ? whole.indexOf(int8) : 0;
  return { ...choices[place]!, milliseconds: { float32: float32!, int8: whole[place]! } };
}
