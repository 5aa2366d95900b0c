import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test, vi } from 'vitest';
import { readFrames } from '../../../src/image/video/read-frames.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { describeWithFfmpeg, makeVideo, stalledCamera } from '../../image/video/ffmpeg.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { linesOf } from '../../tasks/detect/killed-run.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { cliCommand, runCli } from '../run-cli.ts';

const folder = temporaryFolder();
const detect = (...args: string[]) => runCli(['detect', '-m', 'tiny.safetensors', ...args], folder);

beforeAll(async () => {
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
});

describeWithFfmpeg('detect in a video', () => {
  beforeAll(() => makeVideo(join(folder, 'clip.mkv'), 12));

  test('writes a video, a table and JSON Lines of every second frame, and counts', async () => {
    const outputs = ['--out', 'drawn.mp4', '--csv', 'found.csv', '--jsonl', 'found.jsonl'];
    const looking = [
      '-t',
      '0.01',
      '--every',
      '2',
      '--track',
      '--line',
      '100,0,100,64',
      '--zone',
      '0,0,90,0,90,64',
    ];
    const { code, stdout, stderr } = await detect('clip.mkv', ...looking, ...outputs, '--json');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      video: 'clip.mkv',
      frameRate: 10,
      frames: 6,
      lines: [{ right: expect.any(Number), left: expect.any(Number) }],
      zones: [{ inside: expect.any(Number), entered: expect.any(Number), left: expect.any(Number) }],
    });
    const lines = (await readFile(join(folder, 'found.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).frame)).toEqual([0, 2, 4, 6, 8, 10]);
    const [header] = (await readFile(join(folder, 'found.csv'), 'utf8')).split('\n');
    expect(header).toBe('frame,time,id,label,class_id,score,left,top,width,height');
    let frames = 0;
    for await (const { image } of readFrames(join(folder, 'drawn.mp4'))) {
      expect([image.width, image.height]).toEqual([200, 64]);
      frames++;
    }
    expect(frames).toBe(6);
  });

  test.skipIf(process.platform === 'win32')('Ctrl+C finishes the recording of a camera', async () => {
    const { path, running } = await stalledCamera(join(folder, 'camera'));
    const outputs = ['--out', 'camera.mp4', '--jsonl', 'camera.jsonl', '--json'];
    const [program, ...rest] = cliCommand(['detect', '-m', 'tiny.safetensors', 'rtsp://camera', ...outputs]);
    const child = spawn(program, rest, { cwd: folder, env: { ...process.env, PATH: path } });
    const closed = once(child, 'close');
    const printed = text(child.stdout);
    await vi.waitUntil(async () => (await linesOf(join(folder, 'camera.jsonl'))).length === 3, {
      timeout: 60_000,
    });
    child.kill('SIGINT');
    expect(await closed).toEqual([130, null]);
    expect(JSON.parse(await printed)).toMatchObject({ frames: 3 });
    let frames = 0;
    for await (const _ of readFrames(join(folder, 'camera.mp4'))) frames++;
    expect(frames).toBe(3);
    expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
    expect(await running()).toBe(0);
  });

  test('a truncated video is used with a warning', async () => {
    const whole = await readFile(join(folder, 'clip.mkv'));
    await writeFile(join(folder, 'torn.mkv'), whole.subarray(0, Math.round(0.7 * whole.length)));
    const { code, stdout, stderr } = await detect('torn.mkv', '--json');
    expect(stderr).toMatch(/warning: torn\.mkv: truncated or damaged \(.+\); some frames may be missing/);
    expect(code).toBe(3);
    const { frames } = JSON.parse(stdout);
    expect(frames).toBeGreaterThan(0);
    expect(frames).toBeLessThan(12);
  });

  test.each([
    [['clip.mkv', 'clip.mkv'], /clip\.mkv: a video among 2 inputs; expected one video and nothing else/],
    [['clip.mkv', '--save-conf'], /--save-conf with a video: expected with photos only/],
    [['clip.mkv', '--no-pictures', '--out', 'x.mp4'], /--out x\.mp4 with --no-pictures: leave out one/],
    [['clip.mkv', '--out', 'clip.mkv'], /out clip\.mkv: would overwrite what is read; .* with --out/],
    [['clip.mkv', '--coco', 'x.json'], /--coco with a video: expected with photos only/],
    [['clip.mkv', '--line', '1,2,3'], /--line .*"1,2,3": expected x1,y1,x2,y2 in pixels/],
    [['clip.mkv', '--out', 'x.txt'], /out x\.txt: not a video extension, expected \.mp4/],
  ])('%j is refused in one line', async (args, problem) => {
    const { code, stderr } = await detect(...args);
    expect(stderr).toMatch(problem);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });
});

test('video options are refused with photos', async () => {
  const { code, stderr } = await detect('a.jpg', '--track', '--every', '2');
  expect(stderr).toMatch(/--track, --every: expected with a video; leave out --track, --every/);
  expect(code).toBe(2);
});
