/**
 * Compares the outputs of a quantized model file here with those of Python's ONNX Runtime on the same file:
 * `npx tsx scripts/goldens/check-quantized.ts int8.safetensors`. PYTHON names a Python with onnxruntime. Only for detectors
 * that take photos as bytes, as this library's do.
 */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDetector } from '../../src/detection/detector.ts';
import { exportModel } from '../../src/tasks/models/export-model.ts';
import { python } from '../benchmarks/peer.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const [model] = process.argv.slice(2);
if (model === undefined) throw new Error('expected a model file');
const folder = temporaryFolder('quantized');
const [onnx, json] = [join(folder, 'model.onnx'), join(folder, 'outputs.json')];
await exportModel({ model, format: 'onnx', out: onnx });
await using detector = await loadDetector(model);
const { width, height } = detector.input;
const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) =>
  Number(((BigInt(i) * 2654435761n) % 2n ** 32n) >> 24n),
);
const outputs = Object.entries(await detector.run(pixels)).map(
  ([name, { data }]) => [name, [...data]] as const,
);
await writeFile(json, JSON.stringify({ input: [height, width], outputs: Object.fromEntries(outputs) }));
const script = fileURLToPath(new URL('check_quantized.py', import.meta.url));
console.log(execFileSync(python, [script, onnx, json], { encoding: 'utf8' }).trim());
