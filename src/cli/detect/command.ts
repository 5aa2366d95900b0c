import { Command } from 'commander';
import { DETECT_OPTIONS } from '../../options/detect.ts';
import { DETECTOR_FLAGS } from '../../options/loading.ts';
import { DEFAULT_MODEL } from '../../tasks/models/model-catalog.ts';
import { addFlags } from '../flags/table-flags.ts';

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
    .option(
      '-o, --out <path>',
      'folder for the drawn images, or a file if there is one image (default: detections)',
    )
    .option(
      '--list <file>',
      'file with image paths, one per line, or - for stdin; paths are relative to the current folder, or else to the list',
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
    .action(async (images: string[], raw: Record<string, unknown>) => {
      // Loaded here, so that --help needs neither the schemas nor the runtime.
      const { runDetect } = await import('./action.ts');
      process.exitCode = await runDetect(images, raw);
    });
}
