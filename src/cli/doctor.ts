import { Command } from 'commander';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Say what computes on this machine, how fast, and what would mend what is missing.')
    .option('--require-gpu', 'exit with 1 where nothing computes on a GPU')
    .option('--json', 'print JSON alone')
    .addHelpText(
      'after',
      `
Every runtime multiplies matrices, in a process of its own, and the result is checked: a name proves nothing.

Examples:
  micro-yolo doctor
  micro-yolo doctor --json --require-gpu`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runDoctor } = await import('./doctor-action.ts');
      process.exitCode = await runDoctor(raw);
    });
}
