import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { runCli } from '../run-cli.ts';

test('--json names every runtime, measured or with its problem', async () => {
  const { code, stdout } = await runCli(['doctor', '--json'], tmpdir());
  expect(code).toBe(0);
  const { runtimes, detection, training, drawing } = JSON.parse(stdout);
  expect(runtimes.map(({ runtime }: { runtime: string }) => runtime)).toEqual([
    'onnx',
    'onnx-cuda',
    'onnx-webgpu',
    'tensorflow',
    'webgpu',
  ]);
  for (const { gflops, problem } of runtimes) expect(gflops > 0 !== (problem !== undefined)).toBe(true);
  expect(detection).toMatchObject({ name: 'onnx', device: 'CPU' });
  expect(training.name).toMatch(/^(onnx-blocked|onnx-plain|tensorflow)$/);
  expect(drawing.name).toMatch(/canvas$/);
});

test('the table says what is chosen and why; --require-gpu fails without a GPU', async () => {
  const { code, stdout, stderr } = await runCli(['doctor', '--require-gpu'], tmpdir());
  expect(stdout).toMatch(/^runtime +computes on +GFLOP\/s$/m);
  expect(stdout).toMatch(/^onnx +CPU +[\d.]+ +onnxruntime-node$/m);
  expect(stdout).toMatch(/^training: /m);
  const hasGpu = /^\S+ +GPU/m.test(stdout);
  expect(code).toBe(hasGpu ? 0 : 1);
  if (!hasGpu) expect(stderr).toMatch(/^error: --require-gpu: nothing computes on a GPU here; /);
});
