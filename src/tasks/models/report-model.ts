import type { Size } from '../../boxes/formats.ts';
import { drawDiagram } from '../../drawing/diagram.ts';
import { checkPicture, saveCanvas } from '../../drawing/save.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { loadNetwork } from '../../models/load.ts';
import type { Provenance } from '../../models/model.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { type Cost, type LayerCost, networkCost } from '../../network/cost.ts';
import { type GuidelineVerdict, guidelineVerdicts } from '../../network/guidelines.ts';
import { classCount, type FeatureShape, type Layer } from '../../network/layers.ts';
import { INFO_OPTIONS } from '../../options/info.ts';
import { diagramBlocks } from './diagram-blocks.ts';

export interface LayerReport extends Cost {
  /** Name of the layer. */
  readonly name: string;
  /** Type of the layer. */
  readonly type: Layer['type'];
  /** Names of its input layers. */
  readonly inputs: readonly string[];
  /** Output [channels, height, width]. */
  readonly shape: FeatureShape;
}

/** Description and cost of a network, for one image. */
export interface ModelReport extends Cost {
  /** Name of the network. */
  readonly name: string;
  /** Shape of the input: [channels, height, width]. */
  readonly input: FeatureShape;
  /** Number of classes. */
  readonly classes: number;
  /** Names of the classes. */
  readonly classNames: readonly string[];
  /** Origin of the weights: data, teacher, licenses. Empty for a network by name. */
  readonly provenance: Provenance;
  /** Largest total size of feature maps in memory at once, in elements. */
  readonly activationMemory: number;
  /** Cost of each layer. */
  readonly layers: readonly LayerReport[];
  /** Whether the network keeps ShuffleNetV2's guidelines, and where it breaks them. */
  readonly guidelines: readonly GuidelineVerdict[];
}

function layerReport({ layer, shape, parameters, macs, flops, memoryAccess }: LayerCost): LayerReport {
  const { name, type, inputs } = layer;
  return { name, type, inputs, shape, parameters, macs, flops, memoryAccess };
}

/**
 * Reports on a network: that of a model file (its weights are not needed) or of a registered name.
 * @param options.size input size in pixels: a side or width and height.
 * @default the model's
 * @param options.diagram image of the network to write.
 * @default none
 * @throws MicroYoloError if the model is unknown or damaged, or the image cannot be written
 */
export async function reportModel(
  model: string,
  options: { readonly size?: number | Size | undefined; readonly diagram?: string | undefined } = {},
): Promise<ModelReport> {
  checkOptions('reportModel options', options, INFO_OPTIONS);
  const { size, diagram } = options;
  if (diagram !== undefined) await checkPicture(diagram);
  const loaded = await loadNetwork(model);
  const network = sizedNetwork(loaded.network, size);
  const { layers, ...cost } = networkCost(network);
  if (diagram !== undefined) {
    await saveCanvas(await drawDiagram(network.name, diagramBlocks(layers)), diagram);
  }
  return {
    name: network.name,
    input: network.input,
    classes: classCount(network),
    classNames: loaded.classes,
    provenance: loaded.provenance ?? {},
    ...cost,
    layers: layers.map(layerReport),
    guidelines: guidelineVerdicts(network),
  };
}
