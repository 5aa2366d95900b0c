import { Command } from 'commander';
import { ENGINES } from '../tasks/engine-names.ts';

/** `--set a.b=1` once or several times. */
const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

export function trainCommand(): Command {
  return new Command('train')
    .description(
      'Train a detector on boxes (COCO, VOC, YOLO, Darknet), or a classifier on images of one class each.',
    )
    .option('-d, --data <path>', 'COCO .json, dataset .yaml, Darknet .data, YOLO data.yaml, or a folder')
    .option(
      '-m, --model <model>',
      'network by name (micro-yolo, mobilenet-v2:0.5/fpn …), or a model file to go on from',
    )
    .option('-c, --config <file>', 'experiment file (.yaml); flags override it')
    .option(
      '--resume <folder>',
      'go on with the run of that folder; more --epochs or --max-minutes extend it',
    )
    .option(
      '--val-share <share>',
      'keep this share of the images to evaluate on, such as 0.2, of data with one split',
    )
    .option('--epochs <n>', 'passes over the training images')
    .option('--max-minutes <n>', 'length of the run instead of epochs; the schedule fits into it')
    .option('--size <px>', 'network input: a side, or WIDTHxHEIGHT')
    .option('--batch <n>', 'images a step')
    .option('--learning-rate <x>', 'at its peak')
    .option(
      '--weights <model>',
      'model file, or name of one that ships, whose fitting tensors the run starts from, classes by name; with --model x.cfg, its weights file, whole or of its first layers',
    )
    .option(
      '--teacher <file>',
      'model file (.safetensors, .cfg or .onnx) whose predictions are learned as well',
    )
    .option('--teacher-weights <file>', "weights of a teacher's .cfg (default: beside it)")
    .option(
      '--freeze <layers>',
      'layers that stay as they are: names separated by commas, or beginnings with *',
    )
    .option('--seed <n>', 'of weights, order and augmentation')
    .option('--patience <n>', 'evaluations without a better mAP (top-1 of a classifier) that end the run')
    .option('--name <name>', 'of the run folder')
    .option('--runs <folder>', 'folder of run folders')
    .option('--engine <name>', `what computes the steps: ${ENGINES.join(', ')}`)
    .option('--require-gpu', 'fail where no GPU would compute')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--workers <n>', 'threads that make batches')
    .option('--cache <kind>', 'where decoded images stay: auto, memory, disk or none')
    .option('--set <name=value>', 'any other setting, such as loss.gains.box=4; repeatable', collect)
    .option('--print-config', 'print all settings as an experiment file, and stop')
    .option('--show-batch [n]', 'write the first batches as pictures (default: 3), and stop')
    .option('--json', 'print the outcome as JSON alone')
    .addHelpText(
      'after',
      `
Ctrl+C saves and ends; --resume goes on from there, as if nothing had been.

Examples:
  micro-yolo train --data datasets/bccd.yaml --model micro-yolo --epochs 60
  micro-yolo train --data my-data --max-minutes 30 --set augmentation.mosaic=0.8
  micro-yolo train --data result.json --val-share 0.2 --epochs 60
  micro-yolo train --data my-data --teacher yolox_nano.onnx
  micro-yolo train --resume runs/bccd-001`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runTrain } = await import('./train-action.ts');
      process.exitCode = await runTrain(raw);
    });
}
