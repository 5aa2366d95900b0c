import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { detectVideo } from '../../../src/tasks/detect/detect-video.ts';
import { stalledCamera } from '../../image/video/ffmpeg.ts';
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
