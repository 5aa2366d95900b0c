import type { Size } from '../../boxes/formats.ts';
import type { Model } from '../../models/model.ts';
import type { Network } from '../../network/layers.ts';
import type { TeacherMap, TeacherMaps } from './hints.ts';
import type { TeacherPrediction } from './targets.ts';

/** A teacher's outputs for a batch of images. */
export interface TeacherView {
  /** Predictions by image. */
  readonly predictions: readonly (readonly TeacherPrediction[])[];
  /** Maps by layer: those of the outputs, and those that hints name. */
  readonly maps: Readonly<Record<string, TeacherMap>>;
}

/** A model that a run learns from. */
export interface Teacher extends AsyncDisposable {
  /** The teacher's class for each of the student's classes, if it has one. */
  readonly classMap: readonly (number | undefined)[];
  /** The network of a teacher of this library. Without it, the cells of the teacher's predictions are unknown. */
  readonly network?: Network | undefined;
  /** Returns the maps that hints can name, for images of the student's input size. @default none */
  readonly maps?: ((input: Size) => TeacherMaps) | undefined;
  /** Provenance for models that learn from it. @default none */
  readonly provenance?: Model['provenance'] | undefined;
  /**
   * Runs the teacher on a batch.
   * @param pixels [N, height, width, 3] of the student's input
   */
  look(pixels: Uint8Array, input: Size): Promise<TeacherView>;
}
