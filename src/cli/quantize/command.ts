import { Command } from 'commander';
import { QUANTIZE_OPTIONS } from '../../options/quantize.ts';
import { addFlags } from '../flags/table-flags.ts';

export function quantizeCommand(): Command {
  const command = new Command('quantize').description(
    'Make a detector of 8 bits, layer by layer where that is faster here; or store its weights in fewer bits.',
  );
  return addFlags(command, QUANTIZE_OPTIONS)
    .option('--no-bias-correction', 'do not make up in biases for what rounding weights shifts')
    .option('--json', 'print only JSON, with every layer')
    .addHelpText(
      'after',
      `
Every command takes the file. The table says which layers are in 8 bits, and why others are not. Processors without
VNNI gain little or nothing, and the command says so. Ctrl+C ends it; nothing is written then.

Examples:
  micro-yolo quantize --model best.safetensors --data my-data --max-drop 0.5 --out int8.safetensors
  micro-yolo quantize --model yolox_nano.onnx --images photos/ --layers all --out yolox_int8.onnx
  micro-yolo quantize --model best.safetensors --precision weights4 --data my-data`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runQuantize } = await import('./action.ts');
      process.exitCode = await runQuantize(raw);
    });
}
