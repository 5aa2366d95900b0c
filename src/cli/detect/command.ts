import { Command } from 'commander';
import { DETECT_OPTIONS } from '../../options/detect.ts';
import { DETECTOR_FLAGS } from '../../options/loading.ts';
import { DEFAULT_MODEL } from '../../tasks/models/default-name.ts';
import { collect } from '../flags/repeatable.ts';
import { addFlags, givenFlags } from '../flags/table-flags.ts';

export function detectCommand(): Command {
  const command = new Command('detect')
    .description('Find objects in photos or a video, print what is where, and draw it.')
    .argument(
      '[images...]',
      'files, folders (with their subfolders), globs, https addresses, or - for the bytes of one image on stdin; or one video: a file, rtsp://…, /dev/video0',
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
    .option('--no-pictures', 'draw nothing')
    .option('--json', 'print only JSON; draw only with --out')
    .option(
      '--jsonl <file>',
      'write JSON Lines, one line per image as soon as it is done; - is standard output',
    )
    .option('--coco <file>', 'write a COCO data set of the images and detections; - is standard output')
    .option('--csv <file>', 'write a CSV table with one row per detection; - is standard output')
    .option('--yolo-txt <folder>', 'write YOLO label files, one per image')
    .option('--save-conf', 'add the score to the lines of --yolo-txt')
    .option('--crop <folder>', 'write crops of the objects, in one folder per class')
    .option('--resume', 'continue an interrupted run without repeating images')
    .option('--batch <n>', 'images of one size to process at once (default: 1; 8 on a GPU)')
    .option('--track', 'for a video: follow objects from frame to frame with ByteTrack')
    .option('--every <n>', 'for a video: use only every nth frame')
    .option('--drop-late', 'for a camera: drop frames that arrive while another one is being processed')
    .option('--line <x1,y1,x2,y2>', 'for a video: count objects that cross a line; repeatable', collect)
    .option('--zone <x1,y1,x2,y2,x3,y3…>', 'for a video: count objects in a polygon; repeatable', collect)
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
  micro-yolo detect "photos/*.jpg" --model model.safetensors --json > found.json
  micro-yolo detect photos/ --no-pictures --jsonl found.jsonl --resume
  micro-yolo detect photos/ --no-pictures --yolo-txt labels --save-conf --crop objects
  micro-yolo detect aerial.jpg --tile 640 --overlap 0.2
  micro-yolo detect street.mp4 --track --out tracked.mp4 --csv tracks.csv
  micro-yolo detect rtsp://camera/stream --drop-late --line 320,0,320,480 --jsonl -`,
    )
    .action(async (images: string[], raw: Record<string, unknown>, command: Command) => {
      // Imported here, so that --help does not load the schemas and the runtime.
      const { runDetect } = await import('./action.ts');
      process.exitCode = await runDetect(images, raw, givenFlags(command));
    });
}
