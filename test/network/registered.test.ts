import { backboneNames } from '../../src/network/backbones/families.ts';
import { detectorNames } from '../../src/network/registry.ts';
import { describeNetworks } from './registered.ts';

/** Large, or the trunk of a detector below, or one that φ = 0 makes equal to another. */
const ELSEWHERE = /^efficientnet(-b[1-7])?$|yolo/;

// More of them are in registered.full.test.ts.
describeNetworks([
  ...backboneNames.filter((name) => !ELSEWHERE.test(name)),
  ...detectorNames,
  'shufflenet-v2:0.5/pan',
  'shufflenet-v2:0.5/yolo-tiny-mbconv',
]);
