import { Command } from 'commander';
import { ENGINES } from '../../tasks/engine-names.ts';

/** `--set a.b=1` once or several times. */
const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

export function trainCommand(): Command {
  return new Command('train')
    .description(
      'Train a detector on data with boxes (COCO, VOC, YOLO, Darknet), or a classifier on images with one class each.',
    )
    .option(
      '--single-weights <share>',
      'COCO .json, dataset .yaml, Darknet .data, YOLO data.yaml, or a folder',
    )
    .option(
      '--ms <target>',
      'network by name (micro-yolo, mobilenet-v2:0.5/fpn …), or a model file to start from',
    )
    .option('-c, --config <file>', 'experiment file (.yaml); flags override it')
    .option('--resume <folder>', 'continue the run in this folder; more --epochs or --max-minutes extend it')
    .option(
      '--val-share <share>',
      'for data with one split: share of the images held out for evaluation, such as 0.2',
    )
    .option('--epochs <n>', 'passes over the training images')
    .option('--max-minutes <n>', 'duration of the run, instead of --epochs; the schedule fits it')
    .option('--size <px>', 'network input: a side, or WIDTHxHEIGHT')
    .option('--batch <n>', 'images per step')
    .option('--learning-rate <x>', 'peak learning rate')
    .option(
      '--weights <model>',
      'model to start from: uses the tensors that fit, and classes by name; with --model x.cfg, its weights file, complete or only its first layers',
    )
    .option('--teacher <file>', 'model (.safetensors, .cfg or .onnx) to also learn predictions from')
    .option('--teacher-weights <file>', "weights for a teacher's .cfg (default: beside it)")
    .option('--freeze <layers>', 'layers that are not trained: names separated by commas, or prefixes with *')
    .option('--seed <n>', 'seed of weights, order and augmentation')
    .option('--patience <n>', 'end the run after n evaluations without a better mAP (classifier: top-1)')
    .option('--name <name>', 'name of the run folder')
    .option('--runs <folder>', 'folder for the run folders')
    .option('--engine <name>', `engine: ${ENGINES.join(', ')}`)
    .option('--require-gpu', 'fail if nothing computes on a GPU')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--workers <n>', 'threads that make batches')
    .option('--cache <kind>', 'where to keep decoded images: auto, memory, disk or none')
    .option('--set <name=value>', 'any other setting, such as loss.gains.box=4; repeatable', collect)
    .option('--print-config', 'print all settings as an experiment file, then exit')
    .option('--show-batch [n]', 'draw the first batches (default: 3), then exit')
    .option('--json', 'print only JSON, with the result')
    .addHelpText(
      'after',
      `
Ctrl+C saves the run and stops; --resume continues it.

Examples:
  micro-yolo train --data datasets/bccd.yaml --model micro-yolo --epochs 60
  micro-yolo train --data my-data --max-minutes 30 --set augmentation.mosaic=0.8
  micro-yolo train --data result.json --val-share 0.2 --epochs 60
  micro-yolo train --data my-data --teacher yolox_nano.onnx
  micro-yolo train --resume runs/bccd-001`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runTrain } = await import('./action.ts');
      process.exitCode = await runTrain(raw);
    });
}
