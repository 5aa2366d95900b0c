import { expect, test } from 'vitest';
import { NO_AUGMENTATION } from '../../../src/training/augmentation/options.ts';
import { boxRoom } from '../../../src/training/loader/box-room.ts';
import type { ImageObjects } from '../../../src/training/loader/objects.ts';

const object = { classId: 0, box: [0, 0, 1, 1] };
const images = [1, 8].map((count) => ({ objects: Array(count).fill(object) }) as unknown as ImageObjects);

test.each([
  [{}, 8],
  // Four tiles with 4.5 each.
  [{ mosaic: 0.1 }, 32],
  [{ mixup: 1 }, 16],
  [{ mosaic: 1, mixup: 1 }, 64],
  [{ copies: 3 }, 16],
])('with %j an image with at most eight objects needs room for %i', (change, room) => {
  expect(boxRoom(images, { ...NO_AUGMENTATION, ...change })).toEqual({ truths: room, ignored: 0 });
});

test('ignored boxes have separate room', () => {
  const ignored = Array(9).fill({ ...object, isIgnored: true });
  const crowded = images.map(
    ({ objects }) => ({ objects: [...objects, ...ignored] }) as unknown as ImageObjects,
  );
  expect(boxRoom(crowded, NO_AUGMENTATION)).toEqual({ truths: 8, ignored: 16 });
});
