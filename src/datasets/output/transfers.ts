export const IMAGE_TRANSFERS = ['link', 'copy', 'none'] as const;

/**
 * How images are transferred to a new data set. `link`: hard links if the disk allows them, otherwise copies.
 * `copy`: copies. `none`: they stay where they are.
 */
export type ImageTransfer = (typeof IMAGE_TRANSFERS)[number];
