export const IMAGE_TRANSFERS = ['link', 'copy', 'none'] as const;

/**
 * How images get into a new data set: `link`, as further names of the same files where the disk allows and
 * else copied; `copy`; or `none`.
 */
export type ImageTransfer = (typeof IMAGE_TRANSFERS)[number];
