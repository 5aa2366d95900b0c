import { Command } from 'commander';

export function importCommand(): Command {
  return new Command('import')
    .description('Make a model of weights that were trained with Keras or torchvision.')
    .argument('<weights>', '.keras, .h5, or .safetensors of a torchvision state_dict')
    .requiredOption('-n, --network <name>', 'the same network here: mobilenet-v2:0.35, efficientnet-b0 …')
    .option('--names <file>', 'class names, one a line (default: class 0, class 1 …)')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the paper's)")
    .option('--half', 'weights in half precision: half the size')
    .option('-o, --out <file>', "file to write, in .safetensors (default: the weights' name with it)")
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo import mobilenet.keras --network mobilenet-v2:0.35 --names labels.txt
  micro-yolo import shufflenet.safetensors --network shufflenet-v2:1 --out classifier.safetensors`,
    )
    .action(async (weights: string, raw: Record<string, unknown>) => {
      const { runImport } = await import('./import-action.ts');
      process.exitCode = await runImport(weights, raw);
    });
}
