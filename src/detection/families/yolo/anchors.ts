/** Width and height of an anchor, in pixels of the input. */
export type Anchors = readonly (readonly [width: number, height: number])[];

/** Anchors of the published YOLOv4 and YOLOv7 models, finest grid first. */
export const YOLOV4_ANCHORS: readonly Anchors[] = [
  [
    [12, 16],
    [19, 36],
    [40, 28],
  ],
  [
    [36, 75],
    [76, 55],
    [72, 146],
  ],
  [
    [142, 110],
    [192, 243],
    [459, 401],
  ],
];
