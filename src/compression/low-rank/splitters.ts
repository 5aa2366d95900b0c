import type { Layer } from '../../network/layers.ts';
import type { Method, SplitLayer, Splitter } from './kernel.ts';
import { spatialSplitter } from './spatial-splitter.ts';
import { svdSplitter } from './svd-splitter.ts';
import { tuckerSplitter } from './tucker-splitter.ts';

/** Returns the methods that can split a layer. There are none if its kernel has groups, or is already a factor. */
export function methodsOf(layer: Layer): readonly Method[] {
  if (layer.type === 'dense') return ['svd'];
  if (layer.type !== 'conv' || layer.groups > 1 || typeof layer.kernel !== 'number') return [];
  if (layer.kernel === 1) return ['svd'];
  return layer.stride === 1 ? ['spatial', 'tucker'] : ['tucker'];
}

/** Decomposes a kernel by a suitable method. */
export function splitter(method: Method, split: SplitLayer): Splitter {
  const { layer } = split;
  if (method === 'svd' || layer.type === 'dense') return svdSplitter(split);
  return method === 'spatial' ? spatialSplitter({ ...split, layer }) : tuckerSplitter({ ...split, layer });
}
