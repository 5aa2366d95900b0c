import { Command } from 'commander';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Show which runtimes and engines work on this machine, how fast they are, and how to install others.',
    )
    .option('--require-gpu', 'exit with 1 if nothing computes on a GPU')
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Every runtime multiplies matrices in its own process. doctor checks the result.

Examples:
  micro-yolo doctor
  micro-yolo doctor --json --require-gpu`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runDoctor } = await import('./action.ts');
      process.exitCode = await runDoctor(raw);
    });
}
