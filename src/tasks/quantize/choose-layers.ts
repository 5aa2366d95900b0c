import type { Convolution } from '../../compression/quantize/convolutions.ts';
import type { LayerTime } from '../../compression/quantize/layer-times.ts';
import type { LayerChoice, Workbench } from './workbench.ts';

/** Layers to quantize, and the times that speak for them. */
export interface ChosenLayers extends LayerChoice {
  readonly milliseconds: LayerTime;
}

/**
 * Chooses the layers that compute in 8 bits by the time of the whole network: all that can, or those alone that are faster so;
 * with what lies between them in 8 bits too, or in float.
 * @param times of layers alone, by their outputs; empty: all layers that can
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
  // Where none is faster than float, the file is for other machines: there whole networks in 8 bits are fastest.
  const place = int8 < float32! ? whole.indexOf(int8) : 0;
  return { ...choices[place]!, milliseconds: { float32: float32!, int8: whole[place]! } };
}
