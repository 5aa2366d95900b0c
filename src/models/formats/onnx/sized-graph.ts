import { type Size, squareSize } from '../../../boxes/formats.ts';
import { readOnnx, withInputShape } from '../../../executors/onnx/read.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { readWholeFile } from '../../../foundation/files/read.ts';
import type { GraphInput, GraphModel } from '../../graph-model.ts';

/** Input sizes must be multiples of this for most families. */
export const SIZE_STEP = 32;

/** Returns the shape of an image with a layout. Only its height and width are set. */
function imageShape({ layout, width, height }: GraphInput): readonly (number | undefined)[] {
  return {
    nchw: [undefined, undefined, height, width],
    nhwc: [undefined, height, width, undefined],
    chw: [undefined, height, width],
    hwc: [height, width, undefined],
  }[layout];
}

/** Returns the bytes of a graph model's ONNX file. */
export async function onnxBytes({ onnx }: Pick<GraphModel, 'onnx'>): Promise<Uint8Array> {
  return typeof onnx === 'string' ? await readWholeFile(onnx, 'an ONNX model') : onnx;
}

/**
 * @throws MicroYoloError `invalid-argument` for a size that is not a multiple of `step`, unless images keep their own
 *   size
 */
function checkGrids({ recipe }: GraphModel, { width, height }: Size, step: number): void {
  if (recipe.resize === 'native' || recipe.resize === 'shortest') return;
  if (width % step === 0 && height % step === 0) return;
  throw new MicroYoloError('invalid-argument', `size ${width}×${height}: expected multiples of ${step} px`);
}

/**
 * Returns a graph model with another input size. If the file fixes its size, the file is changed, as far as its
 * operators allow.
 * @param asked in pixels: a side, or width and height
 * @param label name for messages
 * @param step largest stride of its grids, in pixels
 * @throws MicroYoloError `invalid-argument` for a size that is not a multiple of `step`; `unsupported` for a fixed-size
 *   graph with external tensor files
 */
export async function sizedGraph(
  model: GraphModel,
  asked: number | Size | undefined,
  label: string,
  step = SIZE_STEP,
): Promise<GraphModel> {
  if (asked === undefined) return model;
  const size = squareSize(asked);
  const { width, height } = model.input;
  if (size.width === width && size.height === height) return model;
  checkGrids(model, size, step);
  const input: GraphInput = { ...model.input, ...size };
  const file = readOnnx(await onnxBytes(model), label);
  const shape = imageShape(input);
  const declared = file.inputs.find(({ name }) => name === input.name)?.shape ?? [];
  const isFixed = shape.every((side, axis) => side === undefined || declared[axis] !== undefined);
  if (!isFixed) return { ...model, input };
  if (typeof model.onnx === 'string') {
    throw new MicroYoloError(
      'unsupported',
      `size ${size.width}×${size.height}: ${label} has external tensor files and a fixed size of ${width}×${height}; leave size out`,
    );
  }
  return { ...model, input, onnx: withInputShape(file, input.name, shape) };
}
