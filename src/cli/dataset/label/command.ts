import { Command } from 'commander';
import { LABEL_OPTIONS } from '../../../options/dataset/label.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function datasetLabelCommand(): Command {
  const command = new Command('label')
    .description(
      'Label images with a detector, or with several that vote. Run it again to continue an interrupted run.',
    )
    .argument('<images...>', 'images, folders or globs');
  return addFlags(command, LABEL_OPTIONS)
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo dataset label photos/ --model yolox.onnx --score-threshold 0.3 --out labeled
  micro-yolo dataset label photos/ --model a.onnx b.safetensors --out voted --review sheet.html`,
    )
    .action(async (images: string[], raw: Record<string, unknown>) => {
      const { runDatasetLabel } = await import('./action.ts');
      process.exitCode = await runDatasetLabel(images, raw);
    });
}
