#!/usr/bin/env node
/**
 * Runs every command that the README and docs/guides show, as a reader would: in one folder, page by page, with little
 * data and few minutes. A command that is neither run nor in SKIPPED fails, and so does one that writes nothing where it
 * says.
 *
 *     .ci/guides.js                        all pages
 *     .ci/guides.js docs/guides/detect.md  only these
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'guides-'));

/** What is not run, and why. */
const SKIPPED = [
  [/^npm install micro-yolo$/, '.ci/install-packed installs the package'],
  [/^npm test$/, '.ci/run runs it'],
  [/https:\/\/example\.com\//, 'an address in place of yours; the tests download from a server of their own'],
];

/** How runs become short. */
const SHORTER = [
  [/--max-minutes \d+/, '--max-minutes 0.2 --size 160'],
  [/^micro-yolo dataset synthesize$/, '$& --train 48 --val 12'],
  [/^micro-yolo train --resume runs\/\S+$/, '$& --max-minutes 0.3'],
  [/^micro-yolo benchmark --train.*/, '$& --steps 2'],
  [/^micro-yolo compare \S+\.safetensors .*/, '$& --rounds 1'],
];

/** What is there before a command that names it, as the text around it says. */
const BEFORE = [[/runs\/my-data-002/, () => copy('runs/my-data-001', 'runs/my-data-002')]];

const inWork = (path) => join(work, path);
const copy = (from, to) => cpSync(inWork(from), inWork(to), { recursive: true });
const bring = (from, to) => cpSync(join(root, from), inWork(to), { recursive: true });

/** Runs a line of a shell, in which `micro-yolo` is the program of this folder. */
function run(line, isQuiet) {
  const { status } = spawnSync('bash', ['-c', line], {
    cwd: work,
    env: { ...process.env, PATH: `${inWork('bin')}:${process.env.PATH}` },
    stdio: ['ignore', isQuiet ? 'ignore' : 'inherit', 'inherit'],
  });
  return status;
}

function prepare(line) {
  if (run(line, true) !== 0) throw new Error(`cannot prepare: ${line}`);
}

/** Photos with labels, models, and data of others' formats: what a reader has. */
function bringInput() {
  mkdirSync(inWork('bin'));
  const program = `#!/bin/sh\nexec node "${join(root, 'dist/cli/main.js')}" "$@"\n`;
  writeFileSync(inWork('bin/micro-yolo'), program, { mode: 0o755 });
  for (const photo of ['photo.jpg', 'photos/one.jpg', 'photos/two.jpg'])
    bring('docs/images/meadow.jpg', photo);
  for (const model of ['model', 'old', 'new', 'smaller'])
    bring('models/micro-yolo-coco.safetensors', `${model}.safetensors`);
  bring('test/detection/foreign/fixtures/twin-yolox/model.onnx', 'yolox_nano.onnx');
  prepare('micro-yolo export model.safetensors --format onnx --decode --out unknown.onnx');
  prepare('micro-yolo dataset label photos --model model.safetensors --out labeled');
  prepare(
    'mv labeled/train val && mv labeled/train.json val.json && sed s/one.jpg/photo.jpg/ val.json > photo.json',
  );
  prepare('micro-yolo dataset synthesize --train 48 --val 12 --out my-data');
  // The bundled model computes centers as Darknet cannot.
  prepare(
    'micro-yolo train --data my-data --model micro-yolo --size 96 --epochs 1 --runs darknet --name one',
  );
  prepare('micro-yolo export darknet/one-001/best.safetensors --format darknet --out model.cfg');
  prepare('micro-yolo dataset convert coco my-data --split train --to voc --out VOCdevkit/VOC2012');
}

/** Lines of the blocks of a page that are no program's text. */
function commandsOf(page) {
  const blocks = readFileSync(join(root, page), 'utf8').matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm);
  return [...blocks]
    .filter(([, language]) => language === '' || language === 'sh')
    .flatMap(([, , block]) => block.split('\n').map((line) => line.trim()))
    .filter((line) => line !== '');
}

/** Exit codes of a command that did what it is for: 3 of `dataset check` says that it found something. */
const codesOf = (line) => (line.startsWith('micro-yolo dataset check') ? [0, 3] : [0]);

/** Files and folders that a command says it writes. */
const outputsOf = (line) =>
  [...line.matchAll(/(?:--(?:out|report|save-json|diagram)|>) (\S+)/g)].map(([, path]) => path);

const failures = [];
try {
  bringInput();
  const guides = readdirSync(join(root, 'docs/guides')).map((name) => `docs/guides/${name}`);
  const chosen = process.argv.slice(2);
  for (const page of chosen.length > 0 ? chosen : ['README.md', ...guides]) {
    for (const shown of commandsOf(page)) {
      const skipped = SKIPPED.find(([pattern]) => pattern.test(shown));
      if (skipped) {
        console.log(`\n${page}: not run: ${shown} (${skipped[1]})`);
        continue;
      }
      const plain = shown.replace(/^npx micro-yolo/, 'micro-yolo');
      const line = SHORTER.reduce((own, [pattern, text]) => own.replace(pattern, text), plain);
      for (const [pattern, make] of BEFORE) if (pattern.test(line)) make();
      console.log(`\n${page}: ${line}`);
      if (!line.startsWith('micro-yolo ')) {
        failures.push(`${page}: ${shown}: neither run nor in the list of what is not`);
        continue;
      }
      const status = run(line, false);
      const missing = outputsOf(line).filter((path) => !existsSync(inWork(path)));
      if (!codesOf(line).includes(status)) failures.push(`${page}: ${shown}: exit code ${status}`);
      else if (missing.length > 0) failures.push(`${page}: ${shown}: wrote no ${missing.join(', ')}`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const failure of failures) console.error(`FAILED: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
