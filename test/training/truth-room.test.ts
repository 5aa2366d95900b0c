import { expect, test } from 'vitest';
import { NO_AUGMENTATION } from '../../src/augmentation/options.ts';
import type { ImageObjects } from '../../src/training/loader/objects.ts';
import { truthRoom } from '../../src/training/truth-room.ts';

const object = { classId: 0, box: [0, 0, 1, 1] };
const images = [1, 8].map((count) => ({ objects: Array(count).fill(object) }) as unknown as ImageObjects);

test.each([
  [{}, 8],
  // Four tiles of 4.5 each.
  [{ mosaic: 0.1 }, 32],
  [{ mixup: 1 }, 16],
  [{ mosaic: 1, mixup: 1 }, 64],
  [{ copies: 3 }, 16],
])('with %j an image of eight objects at most needs room for %i', (change, room) => {
  expect(truthRoom(images, { ...NO_AUGMENTATION, ...change })).toBe(room);
});
