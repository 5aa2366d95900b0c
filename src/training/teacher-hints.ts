import type { Anchor } from '../network/layers.ts';
import type { Head } from './assigners/targets.ts';
import type { DetectionBatch } from './batch.ts';
import { hintInput } from './losses/inputs.ts';

/** What a teacher's output layer says of a batch, as it comes: logits [N, channels, rows, columns]. */
export interface TeacherMap {
  readonly shape: readonly [batch: number, channels: number, rows: number, columns: number];
  readonly data: Float32Array;
}

/** What of a teacher's map is known before it sees a picture. */
export interface TeacherGrid {
  /** In pixels of the input. */
  readonly anchors: readonly Anchor[];
  readonly channels: number;
  /** Input pixels a cell. */
  readonly strideX: number;
  readonly strideY: number;
}

/** Channels of the teacher's map that has a head's grid, by the head's name; a head may have none. */
export function hintChannels(
  grids: readonly TeacherGrid[],
  heads: readonly Head[],
): ReadonlyMap<string, number> {
  return new Map(
    heads.flatMap(({ layer, strideX, strideY }): [string, number][] => {
      const grid = grids.find((other) => other.strideX === strideX && other.strideY === strideY);
      return grid ? [[layer.name, grid.channels]] : [];
    }),
  );
}

/** Each channel less its mean over the batch, by its deviation: channels that hardly move are as loud as others. */
function standardized({ shape, data }: TeacherMap): Float32Array {
  const [batch, channels, rows, columns] = shape;
  const [cells, count] = [rows * columns, batch * rows * columns];
  const result = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel++) {
    let [sum, squares] = [0, 0];
    for (let image = 0; image < batch; image++) {
      const start = (image * channels + channel) * cells;
      for (let i = start; i < start + cells; i++) {
        sum += data[i]!;
        squares += data[i]! * data[i]!;
      }
    }
    const mean = sum / count;
    const scale = 1 / Math.sqrt(Math.max(squares / count - mean * mean, 1e-6));
    for (let image = 0; image < batch; image++) {
      const start = (image * channels + channel) * cells;
      for (let i = start; i < start + cells; i++) result[i] = (data[i]! - mean) * scale;
    }
  }
  return result;
}

/** Inputs of a step with hints: the teacher's maps of the heads' grids, each channel standardized. */
export function teacherHints(maps: readonly TeacherMap[], heads: readonly Head[]): DetectionBatch['tensors'] {
  return Object.fromEntries(
    heads.flatMap(({ layer, rows, columns }) => {
      const map = maps.find(({ shape }) => shape[2] === rows && shape[3] === columns);
      return map ? [[hintInput(layer.name), { shape: map.shape, data: standardized(map) }] as const] : [];
    }),
  );
}
