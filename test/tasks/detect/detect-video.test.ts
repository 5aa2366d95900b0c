import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readFrames } from '../../../src/image/video/read-frames.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { detectVideo } from '../../../src/tasks/detect/detect-video.ts';
import { describeWithFfmpeg, makeVideo, stalledCamera } from '../../image/video/ffmpeg.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const inFolder = (name: string) => join(folder, name);
const model = inFolder('tiny.safetensors');

beforeAll(() => writeModel(model, tinyModel()));
afterEach(() => vi.unstubAllEnvs());

describe.skipIf(process.platform === 'win32')('a camera that stalls', () => {
  test.each([{ dropLate: false }, { dropLate: true }])('can be left with %j', async ({ dropLate }) => {
    const { path, running } = await stalledCamera(inFolder(`stalled-${dropLate}`));
    vi.stubEnv('PATH', path);
    for await (const { type } of detectVideo({ video: 'rtsp://camera', model, dropLate })) {
      if (type === 'frame') break;
    }
    expect(await running()).toBe(0);
  });
});

describeWithFfmpeg('a video file', () => {
  beforeAll(() => makeVideo(inFolder('clip.mkv'), 40));

  test('keeps its speed if late frames are dropped', async () => {
    const options = { video: inFolder('clip.mkv'), model, dropLate: true, out: inFolder('late.mkv') };
    const seen: number[] = [];
    for await (const event of detectVideo(options)) {
      if (event.type !== 'frame') continue;
      seen.push(event.frame);
      // The reader moves on meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(seen.length).toBeLessThan(40);
    let written = 0;
    for await (const _ of readFrames(options.out)) written++;
    expect(written).toBe(seen.at(-1)! - seen[0]! + 1);
  });

  test('an aborted run leaves the outputs of an earlier one as they are', async () => {
    const csv = inFolder('kept.csv');
    await writeFile(csv, 'earlier');
    const run = detectVideo({ video: inFolder('clip.mkv'), model, csv }, { signal: AbortSignal.abort() });
    await expect(run.next()).rejects.toMatchObject({ code: 'interrupted' });
    expect(await readFile(csv, 'utf8')).toBe('earlier');
  });
});

test.each([{ lines: {} }, { zones: 'a' }])('refuses %j', async (options) => {
  const run = detectVideo({ video: 'a.mp4', model, ...(options as object) });
  await expect(run.next()).rejects.toThrow(/^(lines|zones) .*: expected a list, each \[\[x, y\], /);
});

test('refuses tracking options without tracking', async () => {
  const run = detectVideo({ video: 'a.mp4', model, tracking: { matchThreshold: 0.7 } });
  await expect(run.next()).rejects.toThrow(/^`tracking`: has no effect without `track`, `lines` or `zones`/);
});

test('names the option whose file would overwrite the video', async () => {
  const video = inFolder('same.mp4');
  await writeFile(video, 'a video');
  await expect(detectVideo({ video, model, out: video }).next()).rejects.toThrow(
    `out ${video}: would overwrite what is read; name another file with \`out\``,
  );
});
