import { backboneNames } from '../../src/network/backbones/families.ts';
import { headNames } from '../../src/network/registry.ts';
import { describeNetworks } from './registered.ts';

describeNetworks([
  ...backboneNames.flatMap((name) => ['classes', ...headNames].map((head) => `${name}/${head}`)),
  'mobilenet-v2:bottleneck=classic',
  'mobilenet-v2:projection=relu6',
  'mobilenet-v2-improved:shortcut=depthwise,shortcutOn=stride-1',
  ...[1, 2, 4, 8].map((groups) => `shufflenet-v1:groups=${groups}`),
]);
