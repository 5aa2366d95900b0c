#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { benchmarkCommand } from './benchmark/command.ts';
import { classifyCommand } from './classify/command.ts';
import { compareCommand } from './compare/command.ts';
import { compressCommand } from './compression/compress/command.ts';
import { decomposeCommand } from './compression/decompose/command.ts';
import { optimizeCommand } from './compression/optimize/command.ts';
import { pruneCommand } from './compression/prune/command.ts';
import { quantizeCommand } from './compression/quantize/command.ts';
import { datasetCommand } from './dataset/command.ts';
import { detectCommand } from './detect/command.ts';
import { doctorCommand } from './doctor/command.ts';
import { exportCommand } from './export/command.ts';
import { nameFlagsOf } from './flags/option-flags.ts';
import { importCommand } from './import/command.ts';
import { infoCommand } from './info/command.ts';
import { latencyCommand } from './latency/command.ts';
import { modelsCommand } from './models/command.ts';
import { searchCommand } from './search/command.ts';
import { EXIT, reportError } from './terminal/report.ts';
import { withSuggestion } from './terminal/usage-error.ts';
import { trainCommand } from './train/command.ts';
import { valCommand } from './val/command.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const program = new Command('micro-yolo')
  .description('Lightweight object detection: detect, classify, train, evaluate and export tiny networks.')
  .version(version)
  .option('--debug', 'print the stack trace of an error')
  .configureOutput({ outputError: (message, write) => write(withSuggestion(message)) })
  .showHelpAfterError('(add --help for the options)')
  .addHelpText(
    'after',
    '\nExit codes:\n  0         done\n  1         failed\n  2         wrong usage\n  3         done, but images or records were skipped, or dataset check found problems\n  130, 143  a long command (train, optimize, prune, search, compress, decompose, quantize) was interrupted\n\nExample:\n  micro-yolo detect photo.jpg',
  )
  .exitOverride()
  .hook('preAction', (_, command) => {
    nameFlagsOf(command);
    // Usually an unset shell variable.
    const empty = command.options.find((option) => command.getOptionValue(option.attributeName()) === '');
    if (empty)
      command.error(`error: ${empty.long}: empty, expected a value; pass one, or leave out the option`);
  });
const commands = [
  detectCommand(),
  classifyCommand(),
  trainCommand(),
  infoCommand(),
  modelsCommand(),
  exportCommand(),
  importCommand(),
  valCommand(),
  datasetCommand(program),
  compareCommand(),
  latencyCommand(),
  compressCommand(),
  decomposeCommand(),
  optimizeCommand(),
  pruneCommand(),
  quantizeCommand(),
  searchCommand(),
  benchmarkCommand(),
  doctorCommand(),
];
for (const command of commands) {
  program.addCommand(command.copyInheritedSettings(program));
}

// It is not an error if the reader stops early (`micro-yolo … | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A command with an exit code has ended, or is saving its work after Ctrl+C, which also ended the reader.
  if (error.code === 'EPIPE' && process.exitCode !== undefined) return;
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  process.stderr.write(`error: output cannot be written (${error.code}); check where it goes\n`);
  process.exit(EXIT.failed);
});
// Without a reader, messages are lost, but a run (`micro-yolo train … 2>&1 | tee log`) must still save.
process.stderr.on('error', () => {});

/** ONNX Runtime 1.30 crashes on Linux if the command line of the process has about 28,000 characters or more. */
const LONGEST_COMMAND_LINE = 20_000;

try {
  const length = process.argv.join(' ').length;
  if (process.platform === 'linux' && length > LONGEST_COMMAND_LINE) {
    const limit = `expected at most ${LONGEST_COMMAND_LINE.toLocaleString('en-US')}`;
    throw new MicroYoloError(
      'invalid-argument',
      `${length.toLocaleString('en-US')} characters of arguments: ${limit}; pass a folder, or a glob in quotes`,
    );
  }
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else process.exitCode = reportError(error, { debug: program.opts<{ debug?: boolean }>().debug ?? false });
}
