import { extname } from 'node:path';
import { counted } from '../../foundation/counted.ts';
import { MicroYoloError, printable } from '../../foundation/errors/errors.ts';
import { IMPORT_FLAGS } from '../../options/import.ts';
import { type ImportGraphOptions, importGraph } from '../../tasks/models/import-graph.ts';
import { importModel } from '../../tasks/models/import-model.ts';
import { readFlags } from '../flags/read-table.ts';
import { EXIT } from '../terminal/report.ts';

type Flags = Omit<ImportGraphOptions, 'model'> & { readonly network?: string | undefined };

function refuse(flag: string, expected: string): never {
  throw new MicroYoloError('invalid-argument', `--${flag}: ${expected}`);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;

/** Runs `import`. Returns the exit code. */
export async function runImport(file: string, raw: Record<string, unknown>): Promise<number> {
  const { network, as, calibrate, truth, ...options } = readFlags<Flags, Record<never, never>>(
    IMPORT_FLAGS,
    {},
    raw,
  ).options;
  if (extname(file).toLowerCase() === '.onnx') {
    if (network !== undefined) refuse('network', `${file} has its own network; leave it out`);
    const { path, bytes, classes, notes } = await importGraph({
      ...options,
      as,
      calibrate,
      truth,
      model: file,
    });
    for (const note of notes) console.error(`note: ${printable(note)}`);
    console.log(
      `${path}: ${counted(classes, 'class', 'classes')}, ${megabytes(bytes)}; try it: micro-yolo detect photo.jpg --model ${path}`,
    );
    return EXIT.done;
  }
  if (calibrate !== undefined || truth !== undefined)
    refuse('calibrate', 'expected with an .onnx file only; leave it out');
  if (as !== undefined) refuse('as', 'expected with an .onnx file only; weights take --network');
  if (network === undefined) {
    return refuse(
      'network',
      `missing, expected the name of the network that the weights in ${file} belong to`,
    );
  }
  const { path, bytes, classes } = await importModel({ ...options, network, weights: file });
  console.log(
    `${path}: ${counted(classes, 'class', 'classes')}, ${megabytes(bytes)}; try it: micro-yolo classify photo.jpg --model ${path}`,
  );
  return EXIT.done;
}
