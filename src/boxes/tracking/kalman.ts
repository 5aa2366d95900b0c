/** Center x and y in pixels, width / height, height in pixels. */
export type Measurement = readonly [x: number, y: number, aspect: number, height: number];

/** Estimated state of a moving box. */
export interface BoxState {
  /** Center x, center y, aspect ratio, height, and the change of each per frame. */
  readonly mean: readonly number[];
  /**
   * Covariance of each of the four values with its own change. All other covariances are 0, because motion and
   * measurement couple a value only with its own change. So the 8×8 matrix consists of four 2×2 matrices.
   */
  readonly covariance: readonly (readonly [value: number, both: number, change: number])[];
}

/** Standard deviations as shares of the height, as in DeepSORT. */
const OF_POSITION = 1 / 20;
const OF_VELOCITY = 1 / 160;

/**
 * Standard deviations of the four values. Those of x, y and height are relative to the height. That of the aspect ratio
 * is fixed.
 */
const deviations = (share: number, height: number, aspect: number) => [
  share * height,
  share * height,
  aspect,
  share * height,
];

/** State of a box that is seen for the first time. It does not move. */
export function beginState(measurement: Measurement): BoxState {
  const height = measurement[3];
  const values = deviations(2 * OF_POSITION, height, 1e-2);
  const changes = deviations(10 * OF_VELOCITY, height, 1e-5);
  return {
    mean: [...measurement, 0, 0, 0, 0],
    covariance: values.map((value, axis) => [value ** 2, 0, changes[axis]! ** 2] as const),
  };
}

/** State in the next frame. */
export function predictState({ mean, covariance }: BoxState): BoxState {
  const height = mean[3]!;
  const values = deviations(OF_POSITION, height, 1e-2);
  const changes = deviations(OF_VELOCITY, height, 1e-5);
  return {
    mean: mean.map((value, index) => (index < 4 ? value + mean[index + 4]! : value)),
    covariance: covariance.map(
      ([value, both, change], axis) =>
        [
          value + 2 * both + change + values[axis]! ** 2,
          both + change,
          change + changes[axis]! ** 2,
        ] as const,
    ),
  };
}

/** State after a measurement. */
export function correctState({ mean, covariance }: BoxState, measurement: Measurement): BoxState {
  const noise = deviations(OF_POSITION, mean[3]!, 1e-1);
  const corrected = [...mean];
  const certainty = covariance.map(([value, both, change], axis) => {
    const projected = value + noise[axis]! ** 2;
    const [gain, gainOfChange] = [value / projected, both / projected];
    const innovation = measurement[axis]! - mean[axis]!;
    corrected[axis]! += gain * innovation;
    corrected[axis + 4]! += gainOfChange * innovation;
    return [
      value - gain * projected * gain,
      both - gain * projected * gainOfChange,
      change - gainOfChange * projected * gainOfChange,
    ] as const;
  });
  return { mean: corrected, covariance: certainty };
}
