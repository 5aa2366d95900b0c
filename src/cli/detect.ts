import { Command } from 'commander';
import { DEFAULT_MODEL } from '../tasks/model-catalog.ts';
import { classesOption } from './classes-option.ts';
import { addDetectionOptions } from './detection-options.ts';

export function detectCommand(): Command {
  const command = new Command('detect')
    .description('Find objects in photos: prints what and where, and draws it.')
    .argument(
      '[images...]',
      'files, folders, globs, https addresses, or - for the bytes of one image on stdin',
    )
    .option(
      '-m, --model <model>',
      'model: .safetensors (path or https address), a Darknet .cfg, an .onnx detector, or a name that `micro-yolo models` lists',
      DEFAULT_MODEL,
    );
  return addDetectionOptions(command, '0.25')
    .addOption(classesOption('only these'))
    .option('--agnostic', 'boxes of different classes suppress each other too')
    .option('-o, --out <path>', 'folder for the pictures, or a file for one (default: detections)')
    .option(
      '--list <file>',
      'paths of images, one a line, or - for stdin; relative to here, else to the list',
    )
    .option('--json', 'print JSON alone; draws only where --out says')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo detect photo.jpg
  micro-yolo detect smear.jpg --model micro-yolo-blood-cells
  micro-yolo detect dog.jpg --model yolov3-tiny.cfg
  micro-yolo detect https://example.org/street.jpg
  curl -s https://example.org/street.jpg | micro-yolo detect - --json
  micro-yolo detect --list val.txt --json
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
