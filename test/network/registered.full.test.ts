import { backboneNames } from '../../src/network/backbones/families.ts';
import { detectorNames, headNames } from '../../src/network/registry.ts';
import { describeNetworks, SMALL_NETWORKS } from './registered.ts';

/** Large, or the trunk of a detector below, or equal to another for φ = 0. */
const ELSEWHERE = /^efficientnet(-b[1-7])?$|yolo/;

const classifiers = backboneNames.filter((name) => !ELSEWHERE.test(name));

// Each backbone has one head in turn, so each head occurs.
describeNetworks([
  ...[...classifiers, ...detectorNames].filter((name) => !SMALL_NETWORKS.includes(name)),
  ...backboneNames.map((name, index) => `${name}/${headNames[index % headNames.length]}`),
  'mobilenet-v2:bottleneck=classic',
  'mobilenet-v2:projection=relu6',
  'mobilenet-v2-improved:shortcut=depthwise,shortcutOn=stride-1',
  ...[1, 2, 4, 8].map((groups) => `shufflenet-v1:groups=${groups}`),
]);
