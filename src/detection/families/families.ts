import type { Family } from './family.ts';
import { yolov8 } from './ultralytics.ts';
import { yolox } from './yolox.ts';

/** Every family that is recognized, in the order in which they are listed to people. */
export const FAMILIES: readonly Family[] = [yolox, yolov8];

/** The family of a name; undefined for any other name. */
export function familyNamed(name: string): Family | undefined {
  return FAMILIES.find((family) => family.name === name);
}
