import { Command } from 'commander';
import { DETECT_OPTIONS } from '../../options/detect.ts';
import { DETECTOR_FLAGS } from '../../options/loading.ts';
import { DEFAULT_MODEL } from '../../tasks/models/model-catalog.ts';
import { addFlags, givenFlags } from '../flags/table-flags.ts';

export function detectCommand(): Command {
  const command = new Command('detect')
    .description('Find objects in photos, print their classes and boxes, and draw them.')
    .argument(
      '[images...]',
      'files, folders, globs, https addresses, or - for the bytes of one image on stdin',
    )
    .option(
      '-m, --model <model>',
      'model: .safetensors (path or https address), a Darknet .cfg, an .onnx detector, or a name that `micro-yolo models` lists',
      DEFAULT_MODEL,
    );
  return addFlags(command, { ...DETECTOR_FLAGS, ...DETECT_OPTIONS })
    .option('-o, --out <path>', 'folder for the drawn pictures, or a file for one (default: detections)')
    .option(
      '--list <file>',
      'file with paths of images, one per line, or - for stdin; relative to here, else to the list',
    )
    .option('--json', 'print only JSON; draw only with --out')
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
    .action(async (images: string[], raw: Record<string, unknown>, command: Command) => {
      // Loaded here, so that --help needs neither the schemas nor the runtime.
      const { runDetect } = await import('./action.ts');
      process.exitCode = await runDetect(images, raw, givenFlags(command));
    });
}
