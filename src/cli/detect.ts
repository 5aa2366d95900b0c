import { Command } from 'commander';
import { DEFAULT_MODEL } from '../tasks/model-catalog.ts';
import { addDetectionOptions } from './detection-options.ts';

export function detectCommand(): Command {
  const command = new Command('detect')
    .description('Find objects in photos: prints what and where, and draws it.')
    .argument('<images...>', 'files, folders and globs')
    .option(
      '-m, --model <model>',
      'model: .safetensors (path or https address), a Darknet .cfg, an .onnx detector, or a name that `micro-yolo models` lists',
      DEFAULT_MODEL,
    );
  return addDetectionOptions(command, '0.25')
    .option('--classes <names>', 'only these, separated by commas')
    .option('--agnostic', 'boxes of different classes suppress each other too')
    .option('-o, --out <path>', 'folder for the pictures, or a file for one (default: detections)')
    .option('--json', 'print JSON alone; draws only where --out says')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo detect photo.jpg
  micro-yolo detect smear.jpg --model micro-yolo-blood-cells
  micro-yolo detect dog.jpg --model yolov3-tiny.cfg
  micro-yolo detect dog.jpg --model yolox_nano.onnx
  micro-yolo detect photos/ --model model.safetensors --classes person,dog --out drawn
  micro-yolo detect "photos/*.jpg" --model model.safetensors --json > found.json`,
    )
    .action(async (images: string[], raw: Record<string, unknown>) => {
      // Loaded here, so that --help needs neither the schemas nor the runtime.
      const { runDetect } = await import('./detect-action.ts');
      process.exitCode = await runDetect(images, raw);
    });
}
