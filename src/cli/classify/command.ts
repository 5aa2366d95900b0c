import { Command } from 'commander';
import { CLASSIFIER_FLAGS } from '../../options/loading.ts';
import { addFlags } from '../flags/table-flags.ts';

export function classifyCommand(): Command {
  const command = new Command('classify')
    .description('Print the most likely classes of each photo.')
    .argument(
      '[images...]',
      'files, folders, globs, https addresses, or - for the bytes of one image on stdin',
    )
    .requiredOption(
      '-m, --model <model>',
      'classifier: .safetensors (path or https address), or a Darknet .cfg',
    )
    .option('--top <n>', 'classes per image', '5');
  return addFlags(command, CLASSIFIER_FLAGS)
    .option(
      '--list <file>',
      'file with image paths, one per line, or - for stdin; paths are relative to the current folder, or else to the list',
    )
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo classify photo.jpg --model runs/cifar-001/best.safetensors
  micro-yolo classify photos/ --model classifier.safetensors --top 1 --json`,
    )
    .action(async (images: string[], raw: Record<string, unknown>) => {
      const { runClassify } = await import('./action.ts');
      process.exitCode = await runClassify(images, raw);
    });
}
