import { Command } from 'commander';
import { RUNTIMES } from '../../tasks/engine-names.ts';

export function classifyCommand(): Command {
  return new Command('classify')
    .description('Print the classes that score highest for each photo.')
    .argument(
      '[images...]',
      'files, folders, globs, https addresses, or - for the bytes of one image on stdin',
    )
    .requiredOption(
      '-m, --model <model>',
      'classifier: .safetensors (path or https address), or a Darknet .cfg',
    )
    .option('--top <n>', 'classes per image', '5')
    .option('--weights <file>', "weights of a .cfg (default: the cfg's name with .weights)")
    .option('--names <file>', "class names, one per line (default: the model's)")
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--runtime <name>', `what runs the network: ${RUNTIMES.join(', ')} (default: onnx)`)
    .option('--require-gpu', 'fail unless a GPU computes')
    .option(
      '--list <file>',
      'file with paths of images, one per line, or - for stdin; relative to here, else to the list',
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
