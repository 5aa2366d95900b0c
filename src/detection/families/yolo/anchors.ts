/** Width and height of an anchor, in pixels of the input. */
export type Anchors = readonly (readonly [width: number, height: number])[];

/** Of YOLOv4's and YOLOv7's published models, finest grid first. */
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
