import type { Size } from '../../boxes/formats.ts';
import { RUNTIMES } from '../../executors/names.ts';
import type { SessionTensor } from '../../executors/onnx/session/session.ts';
import { checkChoice, checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { RuntimeOptions } from '../../options/loading.ts';
import { IMAGE_INPUT } from '../forward/photograph.ts';
import type { Model } from '../model.ts';
import { openNetwork, type RunningNetwork } from './open-network.ts';
import { PendingRuns } from './pending-runs.ts';

/** @throws MicroYoloError `invalid-argument` if the pixels are not one image of this size */
export function checkOneImage(pixels: Uint8Array, { width, height }: Size): void {
  if (pixels.byteLength === 3 * width * height) return;
  throw new MicroYoloError(
    'invalid-argument',
    `${pixels.byteLength} bytes of pixels: expected one image of ${width} × ${height} × 3`,
  );
}

/** A loaded network that accepts images of its input size. The code that opens it must dispose it. */
export class ImageNetwork implements AsyncDisposable {
  /** Size of the network's input, in pixels. */
  readonly input: Size;
  readonly #running: RunningNetwork;
  readonly #runs = new PendingRuns();

  private constructor({ network }: Model, running: RunningNetwork) {
    const [, height, width] = network.input;
    this.input = { width, height };
    this.#running = running;
  }

  /** @throws MicroYoloError `invalid-argument`, or `unsupported` if the runtime is missing */
  static async open(model: Model, options: RuntimeOptions = {}): Promise<ImageNetwork> {
    const { threads, runtime } = options;
    if (threads !== undefined) checkRange('threads', threads, 1, 1024, true);
    if (runtime !== undefined) checkChoice('runtime', runtime, RUNTIMES);
    return new ImageNetwork(model, await openNetwork(model, options));
  }

  /** Runtime and device, such as `onnx on the CPU`. */
  get runtime(): string {
    return this.#running.description;
  }

  /**
   * @param pixels one or more images, [batch, height, width, 3] of the input's size
   * @returns outputs by layer: logits [batch, channels, rows, columns], or scores [batch, classes]
   * @throws MicroYoloError `invalid-argument` for a wrong number of pixels; `disposed` if the network is disposed
   */
  async run(pixels: Uint8Array): Promise<Readonly<Record<string, SessionTensor>>> {
    const { width, height } = this.input;
    const batch = pixels.byteLength / (3 * width * height);
    if (!Number.isInteger(batch) || batch === 0) {
      throw new MicroYoloError(
        'invalid-argument',
        `${pixels.byteLength} bytes of pixels: expected images of ${width} × ${height} × 3`,
      );
    }
    const image = { shape: [batch, height, width, 3], data: pixels };
    return this.#runs.track(() => this.#running.run({ [IMAGE_INPUT]: image }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (await this.#runs.close()) await this.#running[Symbol.asyncDispose]();
  }
}
