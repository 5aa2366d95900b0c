import { type Size, squareSize } from '../../../boxes/formats.ts';
import { readOnnx, withInputShape } from '../../../executors/onnx/read.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { readWholeFile } from '../../../foundation/files/read.ts';
import type { GraphInput, GraphModel } from '../../graph-model.ts';

/** Sizes that grids of most families divide. */
export const SIZE_STEP = 32;

/** The axes of an image by its layout, those of its sides known. */
function imageShape({ layout, width, height }: GraphInput): readonly (number | undefined)[] {
  return {
    nchw: [undefined, undefined, height, width],
    nhwc: [undefined, height, width, undefined],
    chw: [undefined, height, width],
    hwc: [height, width, undefined],
  }[layout];
}

/** The ONNX file's bytes of a graph model. */
export async function onnxBytes({ onnx }: Pick<GraphModel, 'onnx'>): Promise<Uint8Array> {
  return typeof onnx === 'string' ? await readWholeFile(onnx, 'an ONNX model') : onnx;
}

/** @throws MicroYoloError `invalid-argument` for a size that grids do not divide, unless images keep sizes of their own */
function checkGrids({ recipe }: GraphModel, { width, height }: Size, step: number): void {
  if (recipe.resize === 'native' || recipe.resize === 'shortest') return;
  if (width % step === 0 && height % step === 0) return;
  throw new MicroYoloError('invalid-argument', `size ${width}×${height}: expected multiples of ${step} px`);
}

/**
 * A graph model for another input size: one that takes this size only is changed, if its operators allow.
 * @param asked in pixels: a side or width and height
 * @param label what messages call it
 * @param step in pixels: the largest stride of its grids
 * @throws MicroYoloError `invalid-argument` for a size that grids do not divide, `unsupported` for a graph in several files
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
      `size ${size.width}×${size.height}: ${label} has files of tensors beside it and a fixed size of ${width}×${height}; leave size out`,
    );
  }
  return { ...model, input, onnx: withInputShape(file, input.name, shape) };
}
