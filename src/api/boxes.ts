/** `micro-yolo/boxes`: box formats, IoU, suppression, head decoding, the way back to the photo. Runs anywhere: no `node:` module. */

export { Candidates } from '../boxes/candidates.ts';
export {
  type DecodeOptions as DecodeHeadOptions,
  decodeHead,
  type HeadOutput,
} from '../boxes/decode-heads.ts';
export * from '../boxes/formats.ts';
export { fuseBoxes, type VotedBox } from '../boxes/fuse-boxes.ts';
export { boxArea, iou } from '../boxes/iou.ts';
export { type ClusterNmsOptions, clusterNms } from '../boxes/nms/cluster.ts';
export { greedyNms, type NmsOptions } from '../boxes/nms/greedy.ts';
export { NMS_METHODS, suppress } from '../boxes/nms/suppress.ts';
export { type ErrorCode, MicroYoloError } from '../foundation/errors/errors.ts';
export { type Placement, placeImage, type Resize, toInput, toOriginal } from '../image/letterbox.ts';
