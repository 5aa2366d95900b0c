/** Zero padding in pixels. */
export type Padding = readonly [top: number, left: number, bottom: number, right: number];
