import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../temporary-files.ts';
import { runCli } from '../run-cli.ts';

const folder = temporaryFolder();

test('--json has the exact cost and every layer', async () => {
  const { code, stdout, stderr } = await runCli(['info', 'yolov3-tiny', '--json'], folder);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({
    name: 'yolov3-tiny',
    input: [3, 416, 416],
    parameters: { trainable: 8_852_366, total: 8_858_734 },
    macs: 2_782_480_896,
  });
  const sum = report.layers.reduce((total: number, layer: { macs: number }) => total + layer.macs, 0);
  expect(sum).toBe(report.macs);
});

test('the table names layers and totals at the requested size', async () => {
  const { stdout } = await runCli(['info', 'micro-yolo', '--size', '320x256'], folder);
  expect(stdout).toMatch(
    /^layer +type +output +parameters +MACs +memory access\nbackbone\.0\.0\.conv +conv +24×128×160 +648 /,
  );
  expect(stdout).toMatch(/micro-yolo: 80 classes, input 3×256×320/);
  expect(stdout).toMatch(/parameters +2,452,798 trainable/);
});

test('--diagram draws the network', async () => {
  const { code, stdout } = await runCli(['info', 'micro-yolo', '--diagram', 'network.png'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/diagram drawn in network\.png\n$/);
  const { channels } = await sharp(join(folder, 'network.png')).stats();
  expect(channels[0]!.stdev).toBeGreaterThan(5);
});

test('--guidelines says which are broken, and by which layers', async () => {
  const { code, stdout } = await runCli(['info', 'shufflenet-v1:groups=8', '--guidelines'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^broken {2}few groups: \d+ % of the multiply-accumulates are in grouped convolutions$/m,
  );
  expect(stdout).toMatch(/^ {8}backbone\.\S+, backbone\.\S+, backbone\.\S+ and \d+ more$/m);
});

test.each([
  ['mobilnet-v2/fpn', /did you mean mobilenet-v2\?\n$/],
  [
    'resnet-50/fpn',
    /pass a model file, or the name of a network: micro-yolo, .*mobilenet-v2, .*fpn, pan, yolox, region\)\n$/,
  ],
])('%s is refused with what there is', async (name, message) => {
  const { code, stderr } = await runCli(['info', name], folder);
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(message);
});

test('an unknown network is refused in one line with the known ones', async () => {
  const { code, stderr } = await runCli(['info', 'mobilenet-v2/nothing'], folder);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^.*detector "mobilenet-v2\/nothing": head "nothing", expected one of yolo-tiny, .*region\n$/,
  );
});
