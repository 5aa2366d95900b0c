/** `micro-yolo/boxes`: box formats, IoU, NMS, head decoding, tracking, coordinate mapping. Has no `node:` imports. */

export { Candidates } from '../boxes/candidates.ts';
export {
  type DecodeOptions as DecodeHeadOptions,
  decodeHead,
  type HeadOutput,
} from '../boxes/decode-heads.ts';
export * from '../boxes/formats.ts';
export { fuseBoxes, type VotedBox } from '../boxes/fuse-boxes.ts';
export { boxArea, distanceIou, iou } from '../boxes/iou.ts';
export { type ClusterNmsOptions, clusterNms } from '../boxes/nms/cluster.ts';
export { diouNms } from '../boxes/nms/diou.ts';
export { greedyNms } from '../boxes/nms/greedy.ts';
export { NMS_METHODS } from '../boxes/nms/methods.ts';
export type { NmsOptions } from '../boxes/nms/options.ts';
export { type SoftNmsOptions, softNms } from '../boxes/nms/soft.ts';
export { type SuppressOptions, suppress } from '../boxes/nms/suppress.ts';
export { weightedBoxes } from '../boxes/nms/weighted.ts';
export { ByteTracker, type ByteTrackOptions } from '../boxes/tracking/byte-track.ts';
export { LineCounter, type Point, type SeenObject, ZoneCounter } from '../boxes/tracking/count.ts';
export { type ClassifiedDetection, ObjectTracker } from '../boxes/tracking/object-tracker.ts';
export type { Track, TrackedDetection } from '../boxes/tracking/track.ts';
export { type ErrorCode, MicroYoloError } from '../foundation/errors/errors.ts';
export { type Placement, placeImage, type Resize, toInput, toOriginal } from '../image/letterbox.ts';
