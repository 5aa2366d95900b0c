import type { Command } from 'commander';
import { NMS_METHODS } from '../../tasks/detect/nms-methods.ts';
import { RUNTIMES } from '../../tasks/engine-names.ts';

/** The flags that `addDetectionOptions` adds: they mean nothing if the detections exist already. */
export const DETECTION_FLAGS: readonly string[] = [
  '--weights',
  '--names',
  '--as',
  '--calibrate',
  '--truth',
  '--score-threshold',
  '--iou',
  '--nms',
  '--max-detections',
  '--size',
  '--resize',
  '--threads',
  '--runtime',
  '--require-gpu',
];

/**
 * The flags of every command that detects: which model, how it is fed, what counts. Their schema is
 * `detectionFlags`.
 * @param scoreThreshold the default, as text
 */
export function addDetectionOptions(command: Command, scoreThreshold: string): Command {
  return command
    .option('--weights <file>', "weights of a .cfg (default: the cfg's name with .weights)")
    .option('--names <file>', 'class names, one per line (default: a .names file beside the cfg)')
    .option('--as <family>', 'family of an .onnx model, if the file does not tell: yolox, yolov8 …')
    .option('--calibrate <photo>', 'labeled photo that decides how an .onnx model is read; needs --truth')
    .option('--truth <file>', "COCO JSON with the true boxes of --calibrate's photo")
    .option(
      '-t, --score-threshold <0-1>',
      `keep detections that score more than this (default: ${scoreThreshold})`,
    )
    .option(
      '--iou <0-1>',
      "suppress the lower-scoring of two boxes of a class if their IoU is higher (default: the model's, mostly 0.45)",
    )
    .option('--nms <method>', `how boxes are suppressed: ${NMS_METHODS.join(', ')}`, 'greedy')
    .option('--max-detections <n>', 'most detections per image', '100')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--resize <mode>', "letterbox or stretch (default: the model's)")
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--runtime <name>', `what runs the network: ${RUNTIMES.join(', ')} (default: onnx)`)
    .option('--require-gpu', 'fail unless a GPU computes');
}

/** Which flags of a command the user gave, as written: `--score-threshold`. */
export function givenFlags(command: Command): readonly string[] {
  return command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map((option) => option.long ?? option.flags);
}
