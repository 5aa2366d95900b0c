import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { writeModel } from '../../src/models/formats/safetensors/model-file.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { cliCommand, runCli } from './run-cli.ts';

const CFG = `[net]
width=64
height=64

[convolutional]
filters=14
size=1
activation=linear

[yolo]
anchors=16,16, 32,48
num=2
classes=2
`;
/** 3 × 14 weights and 14 biases after a header of 20 bytes. */
const WEIGHT_BYTES = 20 + 4 * (3 * 14 + 14);

const folder = temporaryFolder();

beforeAll(async () => {
  const write = (name: string, contents: string | Uint8Array) => writeFile(join(folder, name), contents);
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
  const photo = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#4080c0' } })
    .jpeg()
    .toBuffer();
  await write('photo.jpg', photo);
  await write('empty.jpg', '');
  await write('truncated.jpg', photo.subarray(0, photo.length - 40));
  await write('text.jpg', 'Dear diary');
  await mkdir(join(folder, 'nothing'));

  const weights = new Uint8Array(WEIGHT_BYTES);
  new DataView(weights.buffer).setInt32(4, 2, true);
  await write('whole.cfg', CFG);
  await write('whole.weights', weights);
  await write('short.cfg', CFG);
  await write('short.weights', weights.subarray(0, 100));
  await write('long.cfg', CFG);
  await write('long.weights', new Uint8Array([...weights, 1, 2, 3, 4]));
  await write('none.cfg', CFG);
  await write('lstm.cfg', CFG.replace('[yolo]', '[lstm]\noutput=3\n\n[yolo]'));
  await write('text.cfg', 'Dear diary\n');
  await write('empty.cfg', '');

  const header = (json: unknown, data: number) => {
    const text = new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json));
    const bytes = new Uint8Array(8 + text.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    return bytes;
  };
  const huge = new Uint8Array(64);
  new DataView(huge.buffer).setBigUint64(0, 2n ** 60n, true);
  await write('huge.safetensors', huge);
  await write('zero.safetensors', '');
  const entry = (start: number, stop: number) => ({ dtype: 'F32', shape: [2], data_offsets: [start, stop] });
  await write('overlap.safetensors', header({ a: entry(0, 8), b: entry(4, 12) }, 12));
  await write('outside.safetensors', header({ a: entry(0, 8), b: entry(8, 16) }, 8));
  await write('foreign.safetensors', header({ a: entry(0, 8) }, 8));
});
/** Files of the folder and its subfolders. */
const files = async () => (await readdir(folder, { recursive: true })).sort();

interface Case {
  readonly title: string;
  readonly args: readonly string[];
  /** All of stderr. */
  readonly says: RegExp;
  readonly code: 1 | 2;
}

const detect = (...args: string[]) => ['detect', ...args];
const withModel = (model: string) => detect('photo.jpg', '-m', model);
const withFlags = (...flags: string[]) => [...withModel('tiny.safetensors'), ...flags];

const cases: readonly Case[] = [
  {
    title: 'an empty image file',
    args: detect('empty.jpg', '-m', 'tiny.safetensors'),
    code: 1,
    says: /^error: empty\.jpg: is empty; expected a whole JPEG.*\n$/,
  },
  {
    title: 'a truncated JPEG',
    args: detect('truncated.jpg', '-m', 'tiny.safetensors'),
    code: 1,
    says: /^error: truncated\.jpg: cannot be decoded \(.*\); expected a whole JPEG.*\n$/,
  },
  {
    title: 'text named .jpg',
    args: detect('text.jpg', '-m', 'tiny.safetensors'),
    code: 1,
    says: /^error: text\.jpg: cannot be decoded \(.*\); expected a whole JPEG.*\n$/,
  },
  {
    title: 'a missing image',
    args: detect('foto.jpg', '-m', 'tiny.safetensors'),
    code: 1,
    says: /^error: foto\.jpg: no such file, expected .*; did you mean photo\.jpg\?\n$/,
  },
  {
    title: 'a folder without images',
    args: detect('nothing', '-m', 'tiny.safetensors'),
    code: 1,
    says: /^error: nothing: a folder without images, expected .*\n$/,
  },
  {
    title: 'a glob that matches nothing',
    args: detect('*.webp', '-m', 'tiny.safetensors'),
    code: 1,
    says: /^error: \*\.webp: matches no image; .*\n$/,
  },
  {
    title: 'a missing model',
    args: withModel('tiny.safetensor'),
    code: 2,
    says: /^error: model "tiny\.safetensor": expected the name of a model, or a file: .*; did you mean tiny\.safetensors\?\n$/,
  },
  {
    title: 'a model from another program',
    args: withModel('yolov8n.pt'),
    code: 2,
    says: /^error: model "yolov8n\.pt": cannot be run, expected \.safetensors or \.cfg; `micro-yolo import --help` .*\n$/,
  },
  {
    title: 'a missing model file',
    args: withModel('tinny.safetensors'),
    code: 1,
    says: /^error: tinny\.safetensors: no such file, expected .*; did you mean tiny\.safetensors\?\n$/,
  },
  {
    title: 'an untrained network as model',
    args: withModel('micro-yolo'),
    code: 2,
    says: /^error: model "micro-yolo": .*expected a model file.*\n$/,
  },
  {
    title: 'short weights',
    args: withModel('short.cfg'),
    code: 1,
    says: /^error: short\.weights: 100 bytes, expected 244 .*; it ends inside 0\.conv\.weight.*\n$/,
  },
  {
    title: 'long weights',
    args: withModel('long.cfg'),
    code: 1,
    says: /^error: long\.weights: 248 bytes, expected 244 .*; 4 are left over.*\n$/,
  },
  {
    title: 'missing weights',
    args: withModel('none.cfg'),
    code: 1,
    says: /^error: none\.weights: no such file, expected the weights of none\.cfg; name them with --weights\n$/,
  },
  {
    title: 'a cfg with an unknown section',
    args: withModel('lstm.cfg'),
    code: 1,
    says: /^error: lstm\.cfg:10: section \[lstm\] is not supported; supported sections are net, convolutional, .*\n$/,
  },
  {
    title: 'text named .cfg',
    args: withModel('text.cfg'),
    code: 1,
    says: /^error: text\.cfg:1: "Dear diary", expected \[section\] or key=value.*\n$/,
  },
  {
    title: 'an empty cfg',
    args: withModel('empty.cfg'),
    code: 1,
    says: /^error: empty\.cfg: no \[section\].*\n$/,
  },
  {
    title: 'a safetensors header of 2^60 bytes',
    args: withModel('huge.safetensors'),
    code: 1,
    says: /^error: huge\.safetensors: header of 1152921504606846976 bytes, expected at most 56.*\n$/,
  },
  {
    title: 'an empty safetensors file',
    args: withModel('zero.safetensors'),
    code: 1,
    says: /^error: zero\.safetensors: 0 bytes, expected at least 8.*\n$/,
  },
  {
    title: 'overlapping safetensors',
    args: withModel('overlap.safetensors'),
    code: 1,
    says: /^error: overlap\.safetensors: tensor b: bytes 4 to 12 overlap.*\n$/,
  },
  {
    title: 'safetensors beyond the file',
    args: withModel('outside.safetensors'),
    code: 1,
    says: /^error: outside\.safetensors: tensor b: bytes 8 to 16, the data ends at 8.*\n$/,
  },
  {
    title: 'safetensors from another program',
    args: withModel('foreign.safetensors'),
    code: 1,
    says: /^error: foreign\.safetensors: has no micro-yolo network.*\n$/,
  },
  {
    title: 'a threshold above 1',
    args: withFlags('-t', '1.5'),
    code: 2,
    says: /^error: --score-threshold "1\.5": expected a number from 0 to 1\n$/,
  },
  {
    title: 'a threshold that is not a number',
    args: withFlags('--iou', 'half'),
    code: 2,
    says: /^error: --iou "half": expected a number from 0 to 1\n$/,
  },
  {
    title: 'an unknown suppression',
    args: withFlags('--nms', 'soft'),
    code: 2,
    says: /^error: --nms "soft": expected greedy, diou, soft-linear, soft-gaussian, weighted, cluster, cluster-diou, cluster-weighted\n$/,
  },
  {
    title: 'a maximum of 0 detections',
    args: withFlags('--max-detections', '0'),
    code: 2,
    says: /^error: --max-detections "0": expected a whole number from 1 .*\n$/,
  },
  {
    title: 'a size of text',
    args: withFlags('--size', 'big'),
    code: 2,
    says: /^error: --size "big": expected a side .*\n$/,
  },
  {
    title: 'an unknown resize mode',
    args: withFlags('--resize', 'crop'),
    code: 2,
    says: /^error: --resize "crop": expected letterbox, stretch\n$/,
  },
  {
    title: 'an unknown class',
    args: withFlags('--classes', 'circel'),
    code: 2,
    says: /^error: class "circel": the model does not have it; did you mean circle\?\n$/,
  },
  {
    title: 'an output folder that is a file',
    args: withFlags('--out', 'text.jpg/pictures'),
    code: 1,
    says: /^error: text\.jpg\/pictures: cannot be written \(ENOTDIR\).*\n$/,
  },
  {
    title: 'an output image in a read-only format',
    args: withFlags('--out', 'drawn.gif'),
    code: 2,
    says: /^error: out drawn\.gif: not an image format, expected \.png, .*, or a folder\n$/,
  },
  {
    title: 'an empty image name',
    args: detect('', '-m', 'tiny.safetensors'),
    code: 2,
    says: /^error: image "": expected a file, folder or glob; name one\n$/,
  },
  {
    title: 'an export with the extension of the other format',
    args: ['export', 'tiny.safetensors', '-f', 'safetensors', '-o', 'tiny.onnx'],
    code: 2,
    says: /^error: out tiny\.onnx: format safetensors, expected a name that ends in \.safetensors; .*\n$/,
  },
  {
    title: 'a missing option of a dataset command',
    args: ['dataset', 'show', 'nothing'],
    code: 2,
    says: /^error: required option '-o, --out <file>' not specified\n\(add --help for the options\)\n$/,
  },
  {
    title: 'an output that is the image',
    args: withFlags('--out', 'photo.jpg'),
    code: 2,
    says: /^error: out photo\.jpg: would overwrite the image itself.*\n$/,
  },
  {
    title: 'an export over the model',
    args: ['export', 'tiny.safetensors', '-f', 'safetensors'],
    code: 2,
    says: /^error: out tiny\.safetensors: would overwrite the model itself.*\n$/,
  },
  {
    title: 'an export over the weights',
    args: ['export', 'whole.cfg', '-f', 'onnx', '-o', 'whole.weights'],
    code: 2,
    says: /^error: out whole\.weights: would overwrite the model itself.*\n$/,
  },
  {
    title: 'an export to nowhere',
    args: ['export', 'tiny.safetensors', '-f', 'onnx', '-o', 'no/where.onnx'],
    code: 1,
    says: /^error: no\/where\.onnx: cannot be written \(ENOENT\).*\n$/,
  },
  {
    title: 'an unknown export format',
    args: ['export', 'tiny.safetensors', '-f', 'pickle'],
    code: 2,
    says: /^error: --format "pickle": expected onnx, safetensors, darknet\n$/,
  },
  {
    title: 'an unknown name for info',
    args: ['info', 'mikro-yolo'],
    code: 2,
    says: /^error: model "mikro-yolo": .*did you mean micro-yolo\?\n$/,
  },
  {
    title: 'an empty option',
    args: withFlags('--out', ''),
    code: 2,
    says: /^error: --out: empty, expected a value; .*\n.*\n$/,
  },
  {
    title: 'an unknown flag',
    args: withFlags('--scor-threshold', '0.5'),
    code: 2,
    says: /^error: unknown option '--scor-threshold'\n\(Did you mean --score-threshold\?\)\n.*\n$/,
  },
  {
    title: 'an unknown command',
    args: ['detekt'],
    code: 2,
    says: /^error: unknown command 'detekt'\n\(Did you mean detect\?\)\n.*\n$/,
  },
];

test.for(cases)(
  '$title is reported in one line with an exit code, and leaves nothing behind',
  async ({ args, says, code }) => {
    const before = await files();
    const result = await runCli(args, folder);
    expect(result.stderr).toMatch(says);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe('');
    expect(await files()).toEqual(before);
  },
);

/** Runs the command line in a shell after a setup command. */
const inShell = (setup: string, ...args: string[]) =>
  promisify(execFile)('sh', ['-c', `${setup}; exec "$0" "$@"`, ...cliCommand(args)], { cwd: folder }).then(
    () => ({ code: 0, stderr: '' }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );

test.skipIf(process.platform === 'win32')('a truncated write leaves only the old file, whole', async () => {
  await writeFile(join(folder, 'tiny.onnx'), 'old');
  const before = await files();
  // Limits a file to a few KiB, like a full disk; without a handler, the limit's signal kills the process.
  const handler = 'data:text/javascript,process.on(`SIGXFSZ`,()=>{})';
  const setup = `export NODE_OPTIONS='--import ${handler}'; ulimit -f 4`;
  const { code, stderr } = await inShell(setup, 'export', 'tiny.safetensors', '-f', 'onnx');
  expect(stderr).toMatch(/^error: tiny\.onnx: cannot be written \(EFBIG\).*\n$/);
  expect(code).toBe(1);
  expect(await files()).toEqual(before);
  expect(await readFile(join(folder, 'tiny.onnx'), 'utf8')).toBe('old');
});

test.runIf(process.platform === 'linux')(
  'an output that accepts nothing is reported in one line',
  async () => {
    const { code, stderr } = await inShell('exec > /dev/full', 'info', 'tiny.safetensors', '--json');
    expect(stderr).toBe('error: output cannot be written (ENOSPC); check where it goes\n');
    expect(code).toBe(1);
  },
);

test('--debug prints the origin of an error', async () => {
  const { stderr, code } = await runCli(['--debug', ...withModel('tinny.safetensors')], folder);
  expect(stderr).toMatch(/MicroYoloError: tinny\.safetensors: no such file.*\n +at /);
  expect(code).toBe(1);
});

test('leaves a folder in place of the image unchanged', async () => {
  await mkdir(join(folder, 'taken.png'));
  const { code, stderr } = await runCli(withFlags('--out', 'taken.png'), folder);
  expect(stderr).toMatch(/^error: taken\.png: cannot be written \(EISDIR\).*\n$/);
  expect(code).toBe(1);
  expect(await readdir(join(folder, 'taken.png'))).toEqual([]);
});
