import { Command } from 'commander';
import { QUANTIZE_OPTIONS } from '../../../options/quantize.ts';
import { addSetFlag } from '../../flags/repeatable.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function quantizeCommand(): Command {
  const command = new Command('quantize').description(
    'Convert a detector to 8 bits, in the layers that become faster on this machine; or store its weights in fewer bits.',
  );
  return addSetFlag(addFlags(command, QUANTIZE_OPTIONS))
    .option('--no-bias-correction', 'do not correct biases for the shift caused by rounding weights')
    .option('--no-equalize', 'do not scale the weights of neighboring layers to similar ranges first')
    .option('--json', 'print only JSON, with every layer')
    .addHelpText(
      'after',
      `
Every command accepts the file. The table shows which layers are in 8 bits, and why others are not. Processors without
VNNI gain little or nothing, and the command says so. Ctrl+C stops it without writing anything. With
--finetune or --swap-activations, it saves the training; run the same command again to continue.

Examples:
  micro-yolo quantize --model best.safetensors --data my-data --max-drop 0.5 --out int8.safetensors
  micro-yolo quantize --model best.safetensors --data my-data --finetune 10 --max-drop 0.5 --threads 1
  micro-yolo quantize --model best.safetensors --data my-data --swap-activations relu6 --max-drop 1
  micro-yolo quantize --model yolox_nano.onnx --images photos/ --layers all --out yolox_int8.onnx
  micro-yolo quantize --model best.safetensors --precision weights4 --data my-data`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runQuantize } = await import('./action.ts');
      process.exitCode = await runQuantize(raw);
    });
}
