import { Command } from 'commander';
import { IMPORT_FLAGS } from '../../options/import.ts';
import { addFlags } from '../flags/table-flags.ts';

export function importCommand(): Command {
  const command = new Command('import')
    .description('Convert an ONNX detector, or Keras or torchvision weights, to a model file.')
    .argument('<file>', 'an .onnx detector; .keras or .h5; or a torchvision state_dict as .safetensors');
  return addFlags(command, IMPORT_FLAGS)
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo import yolox_nano.onnx --out yolox.safetensors
  micro-yolo import detector.onnx --as yolov8 --names classes.txt --half
  micro-yolo import mobilenet.keras --network mobilenet-v2:0.35 --names labels.txt
  micro-yolo import shufflenet.safetensors --network shufflenet-v2:1 --out classifier.safetensors`,
    )
    .action(async (file: string, raw: Record<string, unknown>) => {
      const { runImport } = await import('./action.ts');
      process.exitCode = await runImport(file, raw);
    });
}
