import { elementCount } from '../../../foundation/element-count.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { Tensor, Tensors } from '../../../graph/operations.ts';
import { networkParameters } from '../../../network/parameters.ts';
import type { DarknetNetwork } from './network.ts';

/**
 * Returns the length of a weights file's header in bytes. It consists of three 32-bit integers (major, minor, revision)
 * and the number of images seen. That number has 64 bits from version 0.2 on, and 32 bits before.
 */
function headerBytes(view: DataView): number {
  const [major, minor] = [view.getInt32(0, true), view.getInt32(4, true)];
  return major * 10 + minor >= 2 && major < 1000 && minor < 1000 ? 20 : 16;
}

/** Returns the names of a network's parameters in the order of its weights file. */
export function darknetOrder({ convolutions }: Pick<DarknetNetwork, 'convolutions'>): readonly string[] {
  return convolutions.flatMap(({ conv, norm }) =>
    norm
      ? [`${norm}.bias`, `${norm}.weight`, `${norm}.running_mean`, `${norm}.running_var`, `${conv}.weight`]
      : [`${conv}.bias`, `${conv}.weight`],
  );
}

/**
 * Reads a Darknet weights file.
 * @param file name for messages
 * @param options.partial whether it may contain only the first convolutions, such as `yolov4-tiny.conv.29`. @default
 *   false
 * @returns the tensors in it, by name
 * @throws MicroYoloError `invalid-file` with expected and actual bytes, and the layer in which a short file ends
 */
export function readDarknetWeights(
  bytes: Uint8Array,
  network: DarknetNetwork,
  file: string,
  { partial = false }: { readonly partial?: boolean } = {},
): Tensors {
  const shapes = new Map(networkParameters(network.network).map(({ name, shape }) => [name, shape]));
  const order = darknetOrder(network).map((name) => ({ name, shape: shapes.get(name)! }));
  const values = order.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = bytes.byteLength < 12 ? 20 : headerBytes(view);
  const expected = header + 4 * values;
  const cfg = `${network.network.name}.cfg`;
  const ends = new Set(network.convolutions.map(({ conv }) => `${conv}.weight`));

  const tensors = new Map<string, Tensor>();
  let offset = header;
  for (const { name, shape } of order) {
    const end = offset + 4 * elementCount(shape);
    if (end > bytes.byteLength) {
      const isBetween = offset === bytes.byteLength && ends.has([...tensors.keys()].at(-1) ?? '');
      if (partial && isBetween) return tensors;
      throw new MicroYoloError(
        'invalid-file',
        `${file}: ${bytes.byteLength} bytes, expected ${expected} for ${cfg}; it ends inside ${name}; is it complete, and does it belong to this .cfg?`,
        { path: file },
      );
    }
    // The copy is aligned, and independent of the file's buffer.
    tensors.set(name, { shape, data: new Float32Array(new Uint8Array(bytes.subarray(offset, end)).buffer) });
    offset = end;
  }
  if (offset !== bytes.byteLength) {
    throw new MicroYoloError(
      'invalid-file',
      `${file}: ${bytes.byteLength} bytes, expected ${expected} for ${cfg}; ${bytes.byteLength - offset} are left over after the last layer; does it belong to this .cfg?`,
      { path: file },
    );
  }
  return tensors;
}

/** Header of version 0.2, with 0 images. */
const NEW_HEADER: Uint8Array = new Uint8Array(Int32Array.of(0, 2, 0, 0, 0).buffer);

/** Returns a weights file's header: its version, and the number of images that it was trained on. */
export function darknetHeader(bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, headerBytes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
}

/**
 * Returns the bytes of a Darknet weights file.
 * @param data in the file's order
 * @param header @default version 0.2, no images
 */
export function encodeDarknetWeights(data: readonly Float32Array[], header = NEW_HEADER): Uint8Array {
  const parts = data.map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return new Uint8Array(Buffer.concat([header, ...parts]));
}

/** Returns the bytes of a Darknet weights file, for a network that was read from a `.cfg`. */
export function writeDarknetWeights(
  network: DarknetNetwork,
  tensors: Tensors,
  header?: Uint8Array,
): Uint8Array {
  return encodeDarknetWeights(
    darknetOrder(network).map((name) => tensors.get(name)!.data),
    header,
  );
}
