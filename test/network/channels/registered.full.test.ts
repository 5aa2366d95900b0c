import { backboneNames } from '../../../src/network/backbones/families.ts';
import { detectorNames } from '../../../src/network/registry.ts';
import { SMALL_NETWORKS } from '../registered.ts';
import { describeThinning } from './registered.ts';

/** The larger ones of a family differ from the smallest only in size, including trunks of detectors. */
const ELSEWHERE = /^efficientnet(-b[1-7])?$|yolo/;

const classifiers = backboneNames.filter((name) => !ELSEWHERE.test(name));

describeThinning([
  ...[...classifiers, ...detectorNames].filter((name) => !SMALL_NETWORKS.includes(name)),
  'shufflenet-v1:groups=8',
  'mobilenet-v2-improved/yolo-tiny-dsconv',
  'shufflenet-v2:0.5/yolo-tiny-mbconv',
  'ghostnet/fpn',
]);
