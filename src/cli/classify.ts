import { Command } from 'commander';
import { RUNTIMES } from '../tasks/engine-names.ts';

export function classifyCommand(): Command {
  return new Command('classify')
    .description('Tell what photos show: the classes that score highest.')
    .argument(
      '[images...]',
      'files, folders, globs, https addresses, or - for the bytes of one image on stdin',
    )
    .requiredOption(
      '-m, --model <model>',
      'classifier: .safetensors (path or https address), or a Darknet .cfg',
    )
    .option('--top <n>', 'classes an image', '5')
    .option('--weights <file>', "weights of a .cfg (default: the cfg's name with .weights)")
    .option('--names <file>', "class names, one a line (default: the model's)")
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--runtime <name>', `what runs the network: ${RUNTIMES.join(', ')} (default: onnx)`)
    .option('--require-gpu', 'fail where no GPU would compute')
    .option(
      '--list <file>',
      'paths of images, one a line, or - for stdin; relative to here, else to the list',
    )
    .option('--json', 'print JSON alone')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo classify photo.jpg --model runs/cifar-001/best.safetensors
  micro-yolo classify photos/ --model classifier.safetensors --top 1 --json`,
    )
    .action(async (images: string[], raw: Record<string, unknown>) => {
      const { runClassify } = await import('./classify-action.ts');
      process.exitCode = await runClassify(images, raw);
    });
}
