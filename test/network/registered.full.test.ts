import { backboneNames } from '../../src/network/backbones/families.ts';
import { headNames } from '../../src/network/registry.ts';
import { describeNetworks } from './registered.ts';

// Heads take turns: each backbone has one, each head has some.
describeNetworks([
  ...backboneNames.map((name, index) => `${name}/${headNames[index % headNames.length]}`),
  'mobilenet-v2:bottleneck=classic',
  'mobilenet-v2:projection=relu6',
  'mobilenet-v2-improved:shortcut=depthwise,shortcutOn=stride-1',
  ...[1, 2, 4, 8].map((groups) => `shufflenet-v1:groups=${groups}`),
]);
