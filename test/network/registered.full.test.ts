import { backboneNames } from '../../src/network/backbones/families.ts';
import { detectorNames, headNames } from '../../src/network/registry.ts';
import { describeNetworks, SMALL_NETWORKS } from './registered.ts';

/** Large, or the trunk of a detector below, or one that φ = 0 makes equal to another. */
const ELSEWHERE = /^efficientnet(-b[1-7])?$|yolo/;

const classifiers = backboneNames.filter((name) => !ELSEWHERE.test(name));

// Heads take turns: each backbone has one, each head has some.
describeNetworks([
  ...[...classifiers, ...detectorNames].filter((name) => !SMALL_NETWORKS.includes(name)),
  ...backboneNames.map((name, index) => `${name}/${headNames[index % headNames.length]}`),
  'mobilenet-v2:bottleneck=classic',
  'mobilenet-v2:projection=relu6',
  'mobilenet-v2-improved:shortcut=depthwise,shortcutOn=stride-1',
  ...[1, 2, 4, 8].map((groups) => `shufflenet-v1:groups=${groups}`),
]);
