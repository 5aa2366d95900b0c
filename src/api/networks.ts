/** `micro-yolo/networks`: networks as data, with their shapes, parameters and cost. Has no `node:` imports. */

export { type ErrorCode, MicroYoloError } from '../foundation/errors/errors.ts';
export type { Padding } from '../foundation/padding.ts';
export { type BackboneName, backboneNames } from '../network/backbones/families.ts';
export type { InputSize } from '../network/backbones/stages.ts';
export * from '../network/blocks/cost-formulas.ts';
export type { Squeeze } from '../network/blocks/squeeze-excite.ts';
export {
  type Activation,
  type BuilderOptions,
  NetworkBuilder,
  type NormOptions,
} from '../network/builder.ts';
export {
  type ChannelGroup,
  type ChannelUnit,
  channelGroups,
  type LayerChannel,
} from '../network/channels/groups.ts';
export type { ParameterTensor } from '../network/channels/kept-parameters.ts';
export { removeChannels, type ThinnedNetwork } from '../network/channels/remove.ts';
export type { ClassifierOptions } from '../network/classifiers/classifier.ts';
export { type Cost, type LayerCost, type NetworkCost, networkCost } from '../network/cost.ts';
export type { DetectorOptions } from '../network/detectors/options.ts';
export { type Guideline, type GuidelineVerdict, guidelineVerdicts } from '../network/guidelines.ts';
export type { AnchorMasks } from '../network/heads/anchors.ts';
export type * from '../network/layers.ts';
export type { PaddingStyle } from '../network/padding.ts';
export { networkParameters, type Parameter } from '../network/parameters.ts';
export {
  buildClassifier,
  buildDetector,
  buildNetwork,
  type DetectorName,
  type DetectorSpecifier,
  detectorNames,
  type HeadName,
  headNames,
} from '../network/registry.ts';
export { inferShapes, withInputSize } from '../network/shapes.ts';
