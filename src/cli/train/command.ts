import { Command } from 'commander';
import { SETTING_OPTIONS, TRAIN_OPTIONS } from '../../options/train.ts';
import { collect } from '../flags/repeatable.ts';
import { addFlags } from '../flags/table-flags.ts';

export function trainCommand(): Command {
  const command = new Command('train').description(
    'Train a detector on data with boxes (COCO, VOC, YOLO, Darknet), or a classifier on images with one class each.',
  );
  const { data, model, ...others } = SETTING_OPTIONS;
  return addFlags(command, { data, model, ...TRAIN_OPTIONS, ...others })
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
