import { yoloNas, yolov7End2end } from './batch-rows.ts';
import { damoYolo } from './damo-yolo.ts';
import { end2end } from './end2end.ts';
import type { Family } from './family.ts';
import { rtmdet } from './mmdet.ts';
import { nanodet, nanodetPlus } from './nanodet.ts';
import { fasterRcnn, yolov3, yolov4 } from './onnx-zoo.ts';
import { picodet, ppYoloe } from './paddle/paddle.ts';
import { tensorflow } from './tensorflow.ts';
import { detr, rtDetrQueries } from './transformers/detr.ts';
import { rfDetr, rtDetr, torchvision, ultralyticsRtDetr } from './transformers/set-prediction.ts';
import { microYolo } from './yolo/micro-yolo.ts';
import { microYoloDecoded } from './yolo/micro-yolo-decoded.ts';
import { yolov5Maps, yolov7Maps } from './yolo/raw-maps.ts';
import { yolov5, yolov7 } from './yolo/yolov5.ts';
import { yolo9, yolov8, yolov8Transposed } from './yolo/yolov8.ts';
import { edgeYolo, yolox } from './yolo/yolox.ts';

/** All recognized families, in the order in which they are listed to users. */
export const FAMILIES: readonly Family[] = [
  ...[yolox, edgeYolo, nanodetPlus, nanodet, picodet, ppYoloe, rtmdet, damoYolo, yoloNas],
  ...[
    yolov8,
    yolov8Transposed,
    end2end,
    yolo9,
    yolov5,
    yolov7,
    yolov5Maps,
    yolov7Maps,
    yolov7End2end,
    yolov4,
    yolov3,
  ],
  ...[rtDetr, rtDetrQueries, detr, rfDetr, ultralyticsRtDetr],
  ...[torchvision, tensorflow, fasterRcnn],
  microYolo,
  microYoloDecoded,
];

/** Returns the family with a name, or undefined for any other name. */
export function familyNamed(name: string): Family | undefined {
  return FAMILIES.find((family) => family.name === name);
}
