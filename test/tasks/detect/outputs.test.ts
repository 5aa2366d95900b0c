import { copyFile, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { readCoco } from '../../../src/datasets/formats/coco/read.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { detectFiles } from '../../../src/tasks/detect/detect-files.ts';
import { detectImages } from '../../../src/tasks/detect/detect-images.ts';
import { folderOfClass } from '../../../src/tasks/detect/outputs/crops.ts';
import { csvField } from '../../../src/tasks/detect/outputs/csv.ts';
import { yoloLines } from '../../../src/tasks/detect/outputs/yolo-txt.ts';
import { noisePicture } from '../../image/pictures.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const model = join(folder, 'tiny.safetensors');
const inFolder = (name: string) => join(folder, name);
const read = (name: string) => readFile(inFolder(name), 'utf8');
const detect = { scoreThreshold: 0, maxDetections: 3 };

beforeAll(async () => {
  await writeModel(model, tinyModel());
  await mkdir(inFolder('photos/in'), { recursive: true });
  await noisePicture(90, 60).jpeg().toFile(inFolder('photos/a, "b".jpg'));
  await noisePicture(64, 80, 2).png().toFile(inFolder('photos/in/c.png'));
});

test('every output says the same about every image', async () => {
  const results = await detectFiles({
    images: [inFolder('photos')],
    model,
    detect,
    jsonl: inFolder('all/found.jsonl'),
    csv: inFolder('all/found.csv'),
    coco: inFolder('all/found.json'),
    yoloTxt: inFolder('all/labels'),
    saveConf: true,
    crop: inFolder('all/crops'),
  });
  const found = results.map(({ image, width, height, detections }) => ({ image, width, height, detections }));
  expect(found.map(({ detections }) => detections.length)).toEqual([3, 3]);

  const lines = (await read('all/found.jsonl')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(found);

  const [header, first, ...rows] = (await read('all/found.csv')).trimEnd().split('\n');
  expect(header).toBe('image,image_width,image_height,label,class_id,score,left,top,width,height');
  const { label, classId, score, box } = found[0]!.detections[0]!;
  const name = `"${found[0]!.image.replaceAll('"', '""')}"`;
  expect(first).toBe([name, 90, 60, label, classId, score, ...box].join(','));
  expect(rows).toHaveLength(5);

  const dataset = await readCoco(inFolder('all/found.json'), { imageFolder: inFolder('photos') });
  expect(dataset.images.map(({ fileName }) => fileName)).toEqual(['a, "b".jpg', 'in/c.png']);
  const { annotations, categories } = JSON.parse(await read('all/found.json'));
  expect(annotations.map(({ score }: { score: number }) => score)).toEqual(
    found.flatMap(({ detections }) => detections.map((detection) => detection.score)),
  );
  expect(categories).toEqual([
    { id: 1, name: 'circle' },
    { id: 2, name: 'square' },
  ]);

  expect(await read('all/labels/in/c.txt')).toBe(yoloLines(found[1]!, true));
  const crops = await readdir(inFolder('all/crops'), { recursive: true });
  expect(crops.filter((path) => path.endsWith('.jpg'))).toHaveLength(6);
  expect((await readdir(inFolder('all'))).sort()).toEqual([
    'crops',
    'found.csv',
    'found.json',
    'found.jsonl',
    'found.jsonl.run',
    'labels',
  ]);
});

test('a crop shows the pixels that the box touches', async () => {
  const [result] = await detectFiles({
    images: [inFolder('photos/in/c.png')],
    model,
    detect: { ...detect, maxDetections: 1 },
    crop: inFolder('one'),
  });
  const { label, box } = result!.detections[0]!;
  const { width, height } = await sharp(inFolder(`one/${label}/c-1.jpg`)).metadata();
  const [left, top, wide, high] = box;
  expect(width).toBe(Math.ceil(left + wide) - Math.floor(left));
  expect(height).toBe(Math.ceil(top + high) - Math.floor(top));
});

test('YOLO lines are fractions of the sides, with the score if requested', () => {
  const detections = [{ label: 'b', classId: 1, score: 0.5, box: [10, 20, 30, 40] as const }];
  const image = { image: 'a.jpg', width: 100, height: 80, detections };
  expect(yoloLines(image, false)).toBe('1 0.25 0.5 0.3 0.5\n');
  expect(yoloLines(image, true)).toBe('1 0.25 0.5 0.3 0.5 0.5\n');
  expect(yoloLines({ ...image, detections: [] }, true)).toBe('');
});

test.each([
  ['traffic light', 'traffic light'],
  ['../../etc', '______etc-7'],
  ['a/b', 'a_b-7'],
  ['con', 'con-7'],
  ['', '-7'],
])('crops of %j are saved in %j', (label, expected) => {
  expect(folderOfClass(label, 7)).toBe(expected);
});

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['a "b"', '"a ""b"""'],
  ['a\nb', '"a\nb"'],
])('the field %j is written as %j', (value, expected) => {
  expect(csvField(value)).toBe(expected);
});

test.each([
  { options: { jsonl: '-', csv: '-' }, problem: /`jsonl` and `csv`: both write to standard output/ },
  { options: { saveConf: true }, problem: /`saveConf`: adds scores to `yoloTxt`/ },
  { options: { resume: true }, problem: /`resume`: no output to continue/ },
  { options: { resume: true, jsonl: '-' }, problem: /`resume`: standard output cannot be continued/ },
  { options: { csv: 'same', jsonl: 'same' }, problem: /would overwrite another output/ },
  { options: { jsonl: 'MODEL' }, problem: /would overwrite what is read/ },
  { options: { yoloTxt: '-' }, problem: /`yoloTxt` -: many files do not fit on standard output/ },
  { options: { out: '-' }, problem: /`out` -: many files do not fit on standard output/ },
  { options: { csv: 'IMAGE' }, problem: /would overwrite an image; name another file with `csv`/ },
])('$options is refused before anything is written', async ({ options, problem }) => {
  const image = inFolder('photos/in/c.png');
  const paths = Object.entries(options).map(([name, value]) => {
    if (typeof value !== 'string' || value === '-') return [name, value];
    return [name, value === 'MODEL' ? model : value === 'IMAGE' ? image : inFolder(value)];
  });
  const before = await readFile(image);
  await expect(detectFiles({ images: [image], model, ...Object.fromEntries(paths) })).rejects.toThrow(
    problem,
  );
  expect(await readFile(image)).toEqual(before);
});

test('refuses two images with the same label file', async () => {
  await mkdir(inFolder('twins'));
  await noisePicture(64, 64).png().toFile(inFolder('twins/a.png'));
  await noisePicture(64, 64).jpeg().toFile(inFolder('twins/a.jpg'));
  const options = { images: [inFolder('twins')], model, yoloTxt: inFolder('twin-labels') };
  await expect(detectFiles(options)).rejects.toThrow(
    /a\.txt: the labels of both .*a\.jpg and .*a\.png; rename/,
  );
});

test('two images never share a name in a COCO file', async () => {
  const source = await readFile(inFolder('photos/in/c.png'));
  const images = ['http://h/b.png', 'http://h/b.png?2'].map((name) => ({ name, source }));
  await expect(detectFiles({ images, model, coco: inFolder('b.json') })).rejects.toThrow(
    /`coco` b\.png: the name of both http:\/\/h\/b\.png and http:\/\/h\/b\.png\?2; rename one/,
  );
});

test.skipIf(process.platform === 'win32')(
  'a backslash in a file name stays in COCO and after a resume',
  async () => {
    await mkdir(inFolder('slashes'));
    for (const name of ['back\\slash.png', 'other.png'])
      await copyFile(inFolder('photos/in/c.png'), join(folder, 'slashes', name));
    const [first, second] = ['back\\slash.png', 'other.png'].map((name) => join(folder, 'slashes', name));
    const options = { model, coco: inFolder('slashes.json'), jsonl: inFolder('slashes.jsonl') };
    await detectFiles({ ...options, images: [relative('.', first!)] });
    await detectFiles({ ...options, images: [first!, second!], resume: true });
    const { images } = JSON.parse(await read('slashes.json'));
    expect(images.map(({ file_name }: { file_name: string }) => file_name)).toEqual([
      'back\\slash.png',
      'other.png',
    ]);
  },
);

test('a failing run leaves no COCO file', async () => {
  await writeFile(inFolder('taken'), '');
  const options = { images: [inFolder('photos')], model, detect, coco: inFolder('half.json') };
  await expect(detectFiles({ ...options, crop: inFolder('taken') })).rejects.toThrow(
    /taken.* cannot be written/,
  );
  expect((await readdir(folder)).filter((name) => name.includes('half'))).toEqual([]);
});

test.skipIf(process.platform !== 'linux').each(['break', 'abort', 'error'])(
  'after %s, no output file stays open',
  async (how) => {
    const stop = new AbortController();
    const own = inFolder(`left-${how}`);
    const [csv, coco, jsonl] = ['a.csv', 'a.json', 'a.jsonl'].map((name) => join(own, name));
    const options = { images: [inFolder('photos')], model, detect, csv, coco, jsonl };
    const openFiles = async () => {
      const all = await readdir('/proc/self/fd');
      const paths = await Promise.all(all.map((id) => readlink(`/proc/self/fd/${id}`).catch(() => '')));
      return paths.filter((path) => path.startsWith(own));
    };
    const run = async () => {
      for await (const { type } of detectImages(options, { signal: stop.signal })) {
        if (type !== 'detected') continue;
        expect((await openFiles()).length).toBeGreaterThan(3);
        if (how === 'break') return;
        if (how === 'error') throw new Error('of the caller');
        stop.abort();
      }
    };
    if (how === 'break') await run();
    else await expect(run()).rejects.toThrow();
    expect(await openFiles()).toEqual([]);
    expect((await readdir(own)).filter((name) => name.includes('a.json') && !name.includes('jsonl'))).toEqual(
      [],
    );
  },
);

test('an aborted run leaves the outputs of an earlier one as they are', async () => {
  const [csv, coco, jsonl] = ['kept.csv', 'kept.json', 'kept.jsonl'].map(inFolder);
  const options = { images: [inFolder('photos')], model, detect, csv, coco, jsonl };
  await detectFiles(options);
  const names = ['kept.csv', 'kept.json', 'kept.jsonl'];
  const before = await Promise.all(names.map(read));
  await expect(detectFiles(options, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'interrupted',
  });
  expect(await Promise.all(names.map(read))).toEqual(before);
});
