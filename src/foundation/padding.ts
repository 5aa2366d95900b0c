/** Zero padding of each side, in pixels. */
export type Padding = readonly [top: number, left: number, bottom: number, right: number];
