import { Command } from 'commander';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Show what computes on this machine, how fast, and how to fix what is missing.')
    .option('--require-gpu', 'exit with 1 if nothing computes on a GPU')
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Every runtime multiplies matrices in its own process, and doctor checks the result.

Examples:
  micro-yolo doctor
  micro-yolo doctor --json --require-gpu`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runDoctor } = await import('./action.ts');
      process.exitCode = await runDoctor(raw);
    });
}
