import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RgbImage } from '../../../src/image/decode.ts';
import { latestOf } from '../../../src/image/video/latest.ts';
import { ppmFrames } from '../../../src/image/video/ppm-frames.ts';
import { probeVideo } from '../../../src/image/video/probe.ts';
import { readFrames } from '../../../src/image/video/read-frames.ts';
import { inputArguments, isVideo } from '../../../src/image/video/source.ts';
import { VideoWriter } from '../../../src/image/video/write-video.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { describeWithFfmpeg, makeVideo, stalledCamera } from './ffmpeg.ts';

const folder = temporaryFolder();
const inFolder = (name: string) => join(folder, name);

/** Left edge of the white square in a frame. */
const squareAt = ({ data, width }: RgbImage) =>
  Array.from({ length: width }, (_, x) => data[3 * (30 * width + x)]!).findIndex((value) => value > 128);

describe('names of videos', () => {
  test.each(['a.mp4', 'A.MOV', '-x.webm', 'rtsp://camera/1', '/dev/video0', 'https://host/a.mp4?x=1'])(
    '%s is a video',
    (source) => expect(isVideo(source)).toBe(true),
  );
  test.each(['a.jpg', 'mp4', 'https://host/a.jpg?v=.mp4', '/dev/videos', 'dog.mp4.png'])(
    '%s is not a video',
    (source) => expect(isVideo(source)).toBe(false),
  );
  test('a file is never taken for an option or a URL', () => {
    expect(inputArguments('-y.mp4').at(-1)).toMatch(/^file:\/.*\/-y\.mp4$/);
    expect(inputArguments('concat:a.mp4|b.mp4').at(-1)).toMatch(/^file:/);
    expect(inputArguments('file:///a%20b.mp4').at(-1)).toBe('file:/a b.mp4');
    expect(() => inputArguments('file://other/a.mp4')).toThrow(
      /names no file of this machine .*; pass a path$/,
    );
    expect(inputArguments('$(touch x).mp4').at(-1)).toMatch(/^file:.*\$\(touch x\)\.mp4$/);
  });
});

test('finds images in a stream wherever it is split into chunks', async () => {
  const image = (value: number) => Buffer.concat([Buffer.from('P6\n2 1\n255\n'), Buffer.alloc(6, value)]);
  const stream = Buffer.concat([image(10), image(0x0a), image(200)]);
  for (const size of [1, 2, 5, 17, 1000]) {
    async function* chunks() {
      for (let at = 0; at < stream.length; at += size) yield stream.subarray(at, at + size);
    }
    const found: number[] = [];
    for await (const { data, width, height } of ppmFrames(chunks())) {
      expect([width, height, data.length]).toEqual([2, 1, 6]);
      found.push(data[5]!);
    }
    expect(found).toEqual([10, 0x0a, 200]);
  }
});

test('a slow consumer gets the latest frame, and the end', async () => {
  async function* source() {
    for (let i = 0; i < 100; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield i;
    }
  }
  const seen: number[] = [];
  for await (const value of latestOf(source())) {
    seen.push(value);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(seen.length).toBeLessThan(80);
  expect(seen.at(-1)).toBe(99);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

test('refuses a source that is no string', async () => {
  await expect(readFrames(5 as never).next()).rejects.toThrow(/^video 5: expected a string/);
});

describeWithFfmpeg('through ffmpeg', () => {
  beforeAll(() => {
    makeVideo(inFolder('-square.mkv'), 20);
  });

  test('reads every frame exactly, from a file whose name looks like an option', async () => {
    const seen: number[] = [];
    for await (const { frame, time, image } of readFrames(inFolder('-square.mkv'))) {
      expect([image.width, image.height]).toEqual([200, 64]);
      expect(time).toBeCloseTo(frame / 10);
      seen.push(squareAt(image));
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, frame) => 4 * frame));
  });

  test.each(['yuv420p10le', 'yuv444p12le', 'gray16le'])(
    'reads %s with 8 bits per channel',
    async (format) => {
      makeVideo(inFolder('deep.mkv'), 3, ['-pix_fmt', format]);
      const seen: number[] = [];
      for await (const { image } of readFrames(inFolder('deep.mkv'))) {
        expect(image.data).toHaveLength(3 * 200 * 64);
        seen.push(squareAt(image));
      }
      expect(seen).toEqual([0, 4, 8]);
    },
  );

  test('frames keep their numbers if every third is read', async () => {
    const seen: number[][] = [];
    for await (const { frame, image } of readFrames(inFolder('-square.mkv'), { every: 3 }))
      seen.push([frame, squareAt(image)]);
    expect(seen).toEqual([0, 3, 6, 9, 12, 15, 18].map((frame) => [frame, 4 * frame]));
  });

  test('reading can end early', async () => {
    for await (const { frame } of readFrames(inFolder('-square.mkv'))) if (frame === 3) break;
    expect(await probeVideo(inFolder('-square.mkv'))).toMatchObject({ frameRate: 10 });
  });

  test('a written video has its frames, even with odd sides, and leaves no other file', async () => {
    const path = inFolder('written/-out.mp4');
    {
      await using writer = new VideoWriter(path, 10);
      for (let frame = 0; frame < 12; frame++)
        await writer.write({ data: new Uint8Array(3 * 65 * 33).fill(20 * frame), width: 65, height: 33 });
      await writer.end();
    }
    const grays: number[] = [];
    for await (const { image } of readFrames(path)) grays.push(image.data[0]!);
    expect(grays).toHaveLength(12);
    for (const [frame, gray] of grays.entries()) expect(Math.abs(gray - 20 * frame)).toBeLessThan(8);
    expect(await readdir(inFolder('written'))).toEqual(['-out.mp4']);
  });

  test('a frame of RGBA pixels is one frame', async () => {
    const path = inFolder('rgba.mp4');
    await using writer = new VideoWriter(path, 10);
    for (let frame = 0; frame < 3; frame++)
      await writer.write({ data: new Uint8ClampedArray(4 * 64 * 64).fill(255), width: 64, height: 64 });
    await writer.end();
    let frames = 0;
    for await (const _ of readFrames(path)) frames++;
    expect(frames).toBe(3);
  });

  test('an unfinished video leaves nothing', async () => {
    {
      await using writer = new VideoWriter(inFolder('broken/out.mp4'), 10);
      await writer.write({ data: new Uint8Array(3 * 64 * 64), width: 64, height: 64 });
    }
    expect(await readdir(inFolder('broken'))).toEqual([]);
  });

  test('refuses a frame of another size', async () => {
    await using writer = new VideoWriter(inFolder('sizes.mp4'), 10);
    await writer.write({ data: new Uint8Array(3 * 64 * 64), width: 64, height: 64 });
    const other = writer.write({ data: new Uint8Array(3 * 32 * 64), width: 32, height: 64 });
    await expect(other).rejects.toThrow(
      /a frame of 32×64 px after frames of 64×64 px; expected frames of one size/,
    );
  });

  test.each([
    ['no video', 'text.mp4', 'this is text', /text\.mp4: ffprobe failed \(.*\); check the file or address$/],
    ['no file', 'none.mp4', undefined, /none\.mp4: ffprobe failed \(.*No such file or directory\)/],
  ])('%s is reported in one line', async (_, name, contents, problem) => {
    if (contents !== undefined) await writeFile(inFolder(name), contents);
    const frames = readFrames(inFolder(name));
    await expect(frames.next()).rejects.toThrow(problem);
  });
});

test('without ffmpeg, one line says what is missing', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = folder;
  try {
    await expect(probeVideo('a.mp4')).rejects.toThrow(
      /^a\.mp4: needs ffprobe, which is not installed; install it \(apt-get install ffmpeg, brew install ffmpeg\)$/,
    );
  } finally {
    process.env['PATH'] = path;
  }
});

describe.skipIf(process.platform === 'win32')('a camera that stalls', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    { dropLate: false, reading: 'waits for frames' },
    { dropLate: true, reading: 'drops late frames' },
  ])('can be left by a loop that $reading', async ({ dropLate }) => {
    const { path, running } = await stalledCamera(inFolder(`stalled-${dropLate}`));
    vi.stubEnv('PATH', path);
    for await (const _ of readFrames('rtsp://camera', { dropLate })) break;
    expect(await running()).toBe(0);
  });

  test('an ffmpeg that is too old is reported', async () => {
    const { path } = await stalledCamera(
      inFolder('old'),
      `console.error("Unrecognized option 'fps_mode'.\\nBad"); process.exit(1)`,
    );
    vi.stubEnv('PATH', path);
    await expect(readFrames('rtsp://camera').next()).rejects.toThrow(
      /^rtsp:\/\/camera: this ffprobe is too old \(.*\), expected ffmpeg 5\.1 or later; install a newer one$/,
    );
  });

  test('can be left while the next frame is awaited', async () => {
    const { path, running } = await stalledCamera(inFolder('stalled-next'));
    vi.stubEnv('PATH', path);
    const frames = readFrames('rtsp://camera');
    for (let frame = 0; frame < 3; frame++) await frames.next();
    const next = frames.next().catch((error: unknown) => error);
    await frames.return(undefined);
    expect(await next).toMatchObject({ code: 'interrupted' });
    expect(await running()).toBe(0);
  });

  test('can be aborted while ffprobe waits for it', async () => {
    const { path, running } = await stalledCamera(inFolder('stalled-probe'), 'setInterval(() => {}, 1000)');
    vi.stubEnv('PATH', path);
    const stop = new AbortController();
    const first = readFrames('rtsp://camera', {}, { signal: stop.signal }).next();
    await vi.waitUntil(async () => (await running()) === 1, { timeout: 20_000 });
    stop.abort();
    await expect(first).rejects.toMatchObject({ code: 'interrupted' });
    expect(await running()).toBe(0);
  });
});
