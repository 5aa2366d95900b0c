import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../temporary-files.ts';
import { runCli } from '../run-cli.ts';

const folder = temporaryFolder();
const QUICK = ['--size', '64', '--rounds', '1', '--threads', '1'];

test('--json has the costs and times of each network, at one size', async () => {
  const args = ['compare', 'shufflenet-v2:0.5', 'yolo-lite', ...QUICK, '--json'];
  const { code, stdout, stderr } = await runCli(args, folder);
  expect([code, stderr]).toEqual([0, '']);
  const [classifier, detector] = JSON.parse(stdout);
  expect(classifier).toMatchObject({
    name: 'shufflenet-v2:0.5',
    input: { width: 64, height: 64 },
    parameters: { trainable: 1_366_792 },
  });
  expect(detector).toMatchObject({ name: 'yolo-lite', input: { width: 64, height: 64 } });
  for (const { milliseconds } of [classifier, detector]) expect(milliseconds).toBeGreaterThan(0);
});

test("without rounds, measures no times and keeps each network's own size", async () => {
  const { code, stdout } = await runCli(['compare', 'efficientnet-b7', 'yolo-lite', '--rounds', '0'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^network +input +parameters +MACs +memory access +activations +time\n/);
  expect(stdout).toMatch(/^efficientnet-b7 +600×600 +66\.35 M +37\.746 G .* –$/m);
  expect(stdout).toMatch(/^yolo-lite +224×224 /m);
});

test('--chart draws a chart', async () => {
  const args = ['compare', 'shufflenet-v2:0.5', 'yolo-lite', ...QUICK, '--chart', 'chart.png'];
  const { code, stdout } = await runCli(args, folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/chart drawn in chart\.png\n$/);
  const { channels } = await sharp(join(folder, 'chart.png')).stats();
  expect(channels[0]!.stdev).toBeGreaterThan(1);
});

test('--chart creates its folder, and is refused before the work if that is impossible', async () => {
  const networks = ['compare', 'shufflenet-v2:0.5', 'yolo-lite', ...QUICK];
  expect(await runCli([...networks, '--chart', 'new/chart.png'], folder)).toMatchObject({ code: 0 });
  expect((await sharp(join(folder, 'new/chart.png')).metadata()).format).toBe('png');
  const refused = await runCli([...networks, '--chart', 'chart.svg'], folder);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/^error: chart\.svg: not an image extension, expected \.png,.*\n$/);
});

test.each([
  [['micro-yolo'], 'networks "micro-yolo": expected at least two to compare'],
  [['micro-yolo', 'micro-yolo'], 'network "micro-yolo": appears twice; name each network once'],
  [['micro-yolo', 'yolov3-tiny', '--rounds', '-1'], '--rounds "-1": expected a whole number from 0 to 10000'],
  [
    ['micro-yolo', 'yolov3-tiny', '--rounds', '0', '--chart', 'x.png'],
    'chart: shows times, but rounds 0 skips timing',
  ],
  [
    ['micro-yolo', 'resnet'],
    'model "resnet": expected the name of a model, or a file: .safetensors, .onnx or .cfg',
  ],
])('refuses %j in one line', async (args, message) => {
  const { code, stderr } = await runCli(['compare', ...args], folder);
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(message);
});
