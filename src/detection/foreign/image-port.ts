import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { GraphPort, ImagePort } from '../families/family.ts';

const TYPES = ['float', 'float16', 'uint8'] as const;

/** Determines the layout from the position of the three channels. */
function layoutOf(shape: GraphPort['shape']): ImagePort['layout'] | undefined {
  if (shape.length === 4) {
    if (shape[1] === 3) return 'nchw';
    if (shape[3] === 3) return 'nhwc';
    // PyTorch exports may leave all axes open.
    return shape[1] === undefined && shape[3] === undefined ? 'nchw' : undefined;
  }
  if (shape.length === 3) {
    if (shape[0] === 3) return 'chw';
    if (shape[2] === 3) return 'hwc';
  }
  return undefined;
}

/** Maximum number of pixels in a supported input. */
const MOST_PIXELS = 2 ** 26;

/** Side of the test image in pixels, for a graph that accepts any size. Most families use it. */
const USUAL_SIDE = 640;

/**
 * Finds the image input of a graph.
 * @param side in pixels, for a graph that accepts any size
 * @throws MicroYoloError `unsupported` if there is none, or several
 */
export function imagePort(inputs: readonly GraphPort[], name: string, side = USUAL_SIDE): ImagePort {
  const found = inputs.flatMap((input): ImagePort[] => {
    const layout = layoutOf(input.shape);
    const type = TYPES.find((known) => known === input.type);
    if (layout === undefined || type === undefined) return [];
    const first = { nchw: 2, nhwc: 1, chw: 1, hwc: 0 }[layout];
    const [height, width] = [input.shape[first], input.shape[first + 1]];
    const batch = layout.startsWith('n') ? (input.shape[0] ?? 1) : 1;
    const isFixed = height !== undefined && width !== undefined;
    return [{ name: input.name, type, layout, height: height ?? side, width: width ?? side, batch, isFixed }];
  });
  if (found.length === 1) {
    const { width, height, batch } = found[0]!;
    if (width * height * batch <= MOST_PIXELS) return found[0]!;
    throw new MicroYoloError(
      'unsupported',
      `${name}: its input takes ${batch} images of ${width}×${height} px, expected at most ${MOST_PIXELS} px; export it smaller`,
    );
  }
  const listed = inputs.map(
    ({ name: port, type, shape }) => `${port} ${type} [${shape.map((size) => size ?? '?').join(', ')}]`,
  );
  throw new MicroYoloError(
    'unsupported',
    `${name}: expected one input of images with 3 channels, got ${listed.join(', ') || 'none'}`,
  );
}
