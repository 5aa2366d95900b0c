import type { Size } from '../../boxes/formats.ts';
import type { Model } from '../../models/model.ts';
import type { Network } from '../../network/layers.ts';
import type { TeacherMap, TeacherMaps } from './hints.ts';
import type { TeacherPrediction } from './targets.ts';

/** What a teacher sees in pictures. */
export interface TeacherView {
  /** By picture. */
  readonly predictions: readonly (readonly TeacherPrediction[])[];
  /** By layer: of the outputs, and of the layers that hints name. */
  readonly maps: Readonly<Record<string, TeacherMap>>;
}

/** A model that a run learns from. */
export interface Teacher extends AsyncDisposable {
  /** The teacher's class for each of the student's, if it has one. */
  readonly classMap: readonly (number | undefined)[];
  /** Of a teacher of this library: without it the cells of its predictions are unknown. */
  readonly network?: Network | undefined;
  /** What hints can name, for pictures of a size of the student's input. @default nothing */
  readonly maps?: ((input: Size) => TeacherMaps) | undefined;
  /** What a model that learns from it says of it. @default nothing */
  readonly provenance?: Model['provenance'] | undefined;
  /**
   * What the teacher sees in a batch.
   * @param pixels [N, height, width, 3] of the student's input
   */
  look(pixels: Uint8Array, input: Size): Promise<TeacherView>;
}
