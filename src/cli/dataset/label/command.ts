import { Command } from 'commander';

export function datasetLabelCommand(): Command {
  return new Command('label')
    .description(
      'Label images with a detector, or with several that vote. Run it again to continue an interrupted run.',
    )
    .argument('<images...>', 'images, folders or globs')
    .requiredOption(
      '-m, --model <file...>',
      'detector: .onnx, .safetensors, .cfg, a name or an address; several vote',
    )
    .requiredOption('-o, --out <folder>', 'new folder for the data set')
    .option('--as <family>', 'family of an .onnx model, if the file does not show it: yolox, yolov8 …')
    .option('--names <file>', 'class names, one per line')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('-t, --score-threshold <0-1>', 'detections with a score above this become objects', '0.3')
    .option(
      '--ignore-threshold <0-1>',
      'other detections with a score above this become regions that training ignores',
      '0.1',
    )
    .option('--to <format>', 'format to write: coco, voc, yolo or darknet', 'coco')
    .option('--transfer <how>', 'how images are transferred: link, copy or none', 'link')
    .option('--review <file.html>', 'write a page with the labels, least certain first')
    .option('--overwrite', 'replace a data set that was written into the folder before')
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo dataset label photos/ --model yolox.onnx --score-threshold 0.3 --out labeled
  micro-yolo dataset label photos/ --model a.onnx b.safetensors --out voted --review sheet.html`,
    )
    .action(async (images: string[], raw: Record<string, unknown>) => {
      const { runDatasetLabel } = await import('./action.ts');
      process.exitCode = await runDatasetLabel(images, raw);
    });
}
