import { Command } from 'commander';

export function modelsCommand(): Command {
  return new Command('models')
    .description(
      'The trained models that --model takes by name: those that ship, and those that are fetched.',
    )
    .option('--json', 'print JSON alone')
    .addHelpText(
      'after',
      `
A fetched model is downloaded when it is first used, and checked by its SHA-256. MICRO_YOLO_CACHE names the folder that
it stays in, MICRO_YOLO_MIRROR an address that has it as NAME/FILE.

Examples:
  micro-yolo models
  micro-yolo detect photo.jpg --model yolo-fastest-1.1-xl`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runModels } = await import('./models-action.ts');
      process.exitCode = runModels(raw);
    });
}
