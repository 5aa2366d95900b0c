import { Command } from 'commander';

export function detectCommand(): Command {
  return new Command('detect')
    .description('Find objects in photos: prints what and where, and draws it.')
    .argument('<images...>', 'files, folders and globs')
    .requiredOption('-m, --model <file>', 'model: .safetensors, or a Darknet .cfg')
    .option('--weights <file>', "weights of a .cfg (default: the cfg's name with .weights)")
    .option('--names <file>', 'class names, one a line (default: coco.names beside the cfg)')
    .option('-t, --score-threshold <0-1>', 'show detections that score more than this', '0.25')
    .option('--iou <0-1>', 'of two boxes of a class that overlap more than this, drop the worse', '0.45')
    .option('--max-detections <n>', 'most detections an image', '100')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--resize <mode>', "letterbox or stretch (default: the model's)")
    .option('--classes <names>', 'only these, separated by commas')
    .option('--agnostic', 'boxes of different classes suppress each other too')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('-o, --out <path>', 'folder for the pictures, or a file for one (default: detections)')
    .option('--json', 'print JSON alone; draws only where --out says')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo detect dog.jpg --model yolov3-tiny.cfg
  micro-yolo detect photos/ --model model.safetensors --classes person,dog --out drawn
  micro-yolo detect 'photos/*.jpg' --model model.safetensors --json > detections.json`,
    )
    .action(async (images: string[], raw: Record<string, unknown>) => {
      // Loaded here, so that --help needs neither the schemas nor the runtime.
      const { runDetect } = await import('./detect-action.ts');
      process.exitCode = await runDetect(images, raw);
    });
}
