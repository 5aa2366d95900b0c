import { extname } from 'node:path';
import { type LoadedDetectorModel, loadAnyModel } from '../../detection/load-any-model.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { CalibrationPhoto, LoadOptions } from '../../options/loading.ts';
import { calibrateModel } from './calibrate-model.ts';

/**
 * Checks the calibration options for an `.onnx` file.
 * @throws MicroYoloError `invalid-argument` if one of the two is missing, or the model is not an `.onnx` file
 */
export function requirePair(model: string, { calibrate: photo, truth }: CalibrationPhoto) {
  if (photo === undefined || truth === undefined) {
    throw new MicroYoloError('invalid-argument', 'calibrate and truth: expected both, a photo and its boxes');
  }
  if (extname(model).toLowerCase() !== '.onnx') {
    throw new MicroYoloError(
      'invalid-argument',
      `calibrate ${photo}: ${model} is not an .onnx file; leave out calibrate and truth`,
    );
  }
  return { photo, truth };
}

/**
 * Loads a detector. With a labeled photo, the photo determines how it is decoded.
 * @throws MicroYoloError `invalid-argument` for a photo without its boxes, or boxes without a photo
 */
export async function loadCalibrated(
  model: string,
  { calibrate: photo, truth, ...options }: LoadOptions & CalibrationPhoto,
): Promise<LoadedDetectorModel> {
  if (photo === undefined && truth === undefined) return loadAnyModel(model, options);
  const pair = requirePair(model, { calibrate: photo, truth });
  const { model: chosen, notes } = await calibrateModel({ ...options, ...pair, model });
  return { model: chosen, warnings: notes };
}
