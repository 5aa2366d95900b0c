import { Command } from 'commander';

export function modelsCommand(): Command {
  return new Command('models')
    .description('List the trained models that --model takes by name: shipped or downloaded.')
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
A model that does not ship is downloaded on first use, and its SHA-256 is checked.

Environment:
  MICRO_YOLO_CACHE   folder of downloaded models
  MICRO_YOLO_MIRROR  address that serves them as NAME/FILE

Examples:
  micro-yolo models
  micro-yolo detect photo.jpg --model yolo-fastest-1.1-xl`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runModels } = await import('./action.ts');
      process.exitCode = runModels(raw);
    });
}
