import { Command } from 'commander';

export function modelsCommand(): Command {
  return new Command('models')
    .description('List the trained models that --model accepts by name: bundled or downloaded.')
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Models that are not bundled are downloaded on first use. Their SHA-256 is checked.

Environment:
  MICRO_YOLO_CACHE   folder for downloaded models
  MICRO_YOLO_MIRROR  address that serves the models as NAME/FILE

Examples:
  micro-yolo models
  micro-yolo detect photo.jpg --model yolo-fastest-1.1-xl`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runModels } = await import('./action.ts');
      process.exitCode = runModels(raw);
    });
}
