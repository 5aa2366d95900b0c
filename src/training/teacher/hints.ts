import type { Size } from '../../boxes/formats.ts';
import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { type FeatureShape, INPUT, isOutput, type Network } from '../../network/layers.ts';
import { inferShapes, withInputSize } from '../../network/shapes.ts';
import { hintInput, hintScaleInput } from '../heads/inputs.ts';
import { yoloHeads } from '../heads/targets.ts';
import type { DetectionBatch } from '../loader/batch.ts';

/** A map of a teacher for a batch: [N, channels, rows, columns]. For an output layer, its logits. */
export interface TeacherMap {
  /** Shape: [batch, channels, rows, columns]. */
  readonly shape: readonly [batch: number, channels: number, rows: number, columns: number];
  /** Values in row-major order. */
  readonly data: Float32Array;
}

/** A layer of a network whose features learn to predict a layer of the teacher. */
export interface Hint {
  /** Layer of the network. For an output, the input of its logits is used. */
  readonly layer: string;
  /** Layer of the teacher. For an output, its logits are used. */
  readonly source: string;
  /** Number of channels of the teacher's map. */
  readonly channels: number;
  /** Whether the layer imitates the map directly. If not, a 1×1 convolution of its features does. @default false */
  readonly copied?: boolean | undefined;
}

/** Maps of a teacher for images of one size. */
export interface TeacherMaps {
  /** Name of the teacher, for messages. */
  readonly name: string;
  /** Returns the output with this grid, if there is exactly one. */
  outputOf(rows: number, columns: number): string | undefined;
  /**
   * Returns the shape of a map.
   * @throws MicroYoloError `invalid-argument` if there is no such map
   */
  shapeOf(source: string): FeatureShape;
}

/** Feature maps of a teacher of this library, for images of a size. */
export function networkMaps(teacher: Network, { width, height }: Size): TeacherMaps {
  const sized = withInputSize(teacher, width, height);
  const shapeOf = shapesOf(sized);
  const outputs = sized.layers.filter(isOutput).map(({ name }) => name);
  return {
    name: teacher.name,
    shapeOf,
    outputOf: (rows, columns) => {
      const [first, ...others] = outputs.filter(
        (name) => shapeOf(name)[1] === rows && shapeOf(name)[2] === columns,
      );
      return others.length === 0 ? first : undefined;
    },
  };
}

/** Returns a function that looks up a layer's shape, and throws if there is no such layer. */
function shapesOf(network: Network): (layer: string) => FeatureShape {
  const shapes = inferShapes(network);
  return (layer) => {
    const shape = layer === INPUT ? undefined : shapes.get(layer);
    if (shape) return shape;
    const near = didYouMean(layer, [...shapes.keys()]) ?? '; `micro-yolo info` lists them';
    throw new MicroYoloError('invalid-argument', `hints: ${network.name} has no layer ${layer}${near}`);
  };
}

/**
 * Determines which layers of a network learn feature maps of a teacher: the named layers, and each output for which the
 * teacher has an output with the same grid.
 * @param teacher maps for images of the network's input size
 * @param layers teacher layer for each named layer of the network
 * @param copied whether the named layers imitate the maps directly; outputs then have no hints
 * @throws MicroYoloError `invalid-argument` for an unknown layer, for layers with different grids, or for copied layers
 *   with different numbers of channels
 */
export function hintsOf(
  network: Network,
  teacher: TeacherMaps,
  layers: Readonly<Record<string, string>> = {},
  copied = false,
): readonly Hint[] {
  const own = shapesOf(network);
  const heads = (copied ? [] : yoloHeads(network)).flatMap(({ layer, rows, columns }): readonly Hint[] => {
    const source = layer.name in layers ? undefined : teacher.outputOf(rows, columns);
    return source ? [{ layer: layer.name, source, channels: teacher.shapeOf(source)[0] }] : [];
  });
  const named = Object.entries(layers).map(([layer, source]): Hint => {
    const [ownChannels, rows, columns] = own(layer);
    const [channels, otherRows, otherColumns] = teacher.shapeOf(source);
    if (copied && channels !== ownChannels) {
      throw new MicroYoloError(
        'invalid-argument',
        `hints: ${layer} of ${network.name} has ${ownChannels} channels, ${source} of ${teacher.name} ${channels}; ` +
          'expected the same number for hintForm copied; choose projected',
      );
    }
    if (rows === otherRows && columns === otherColumns)
      return { layer, source, channels, ...(copied ? { copied } : {}) };
    throw new MicroYoloError(
      'invalid-argument',
      `hints: ${layer} of ${network.name} has ${columns} × ${rows} cells, ${source} of ${teacher.name} ` +
        `${otherColumns} × ${otherRows}; expected the same grid; name layers with equal grids`,
    );
  });
  return [...heads, ...named];
}

/** Standardizes each channel over the batch, so that channels with little variation count as much as others. */
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

/** Divides a map by its standard deviation over all channels. Also returns the factor. */
function scaled({ data }: TeacherMap): { readonly data: Float32Array; readonly scale: number } {
  let [sum, squares] = [0, 0];
  for (const value of data) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / data.length;
  const scale = 1 / Math.sqrt(Math.max(squares / data.length - mean * mean, 1e-6));
  return { data: data.map((value) => value * scale), scale };
}

/**
 * Inputs of a step with hints: the teacher's maps with standardized channels. For copied layers, the map divided by its
 * standard deviation, and the factor.
 */
export function teacherHints(
  maps: Readonly<Record<string, TeacherMap>>,
  hints: readonly Hint[],
): DetectionBatch['tensors'] {
  return Object.fromEntries(
    hints.flatMap(({ layer, source, copied }) => {
      const map = maps[source]!;
      const { shape } = map;
      if (!copied) return [[hintInput(layer), { shape, data: standardized(map) }] as const];
      const { data, scale } = scaled(map);
      const factor = { shape: [1, 1, 1, 1], data: Float32Array.of(scale) };
      return [[hintInput(layer), { shape, data }] as const, [hintScaleInput(layer), factor] as const];
    }),
  );
}
