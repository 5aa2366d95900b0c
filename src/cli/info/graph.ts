import { printable } from '../../foundation/errors/errors.ts';
import type { GraphReport } from '../../tasks/models/report-graph.ts';
import { formatTable } from '../terminal/table.ts';

const count = (value: number) => Math.round(value).toLocaleString('en-US');

/** Number of class names shown. */
const SHOWN = 5;

const ports = (list: GraphReport['inputs']) =>
  list
    .map(({ name, type, shape }) => `${name} ${type} [${shape.map((size) => size ?? '?').join(', ')}]`)
    .join(', ');

const VERDICTS: Readonly<Record<GraphReport['licenseVerdict'], string>> = {
  permissive: 'permissive',
  'not permissive':
    'NOT PERMISSIVE: read the license before you use the model, train from it, or share its results',
  unknown: 'unknown: ask the author of the file',
};

function printNodes({ layers }: GraphReport): void {
  const columns = [
    { title: 'value' },
    { title: 'operator' },
    ...['output', 'parameters', 'MACs', 'memory access'].map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = layers
    .filter(({ inputs }) => inputs.length > 0)
    .map(({ name, operator, shape, parameters, macs, memoryAccess }) => [
      name,
      operator,
      shape?.join('×') ?? 'unknown',
      count(parameters),
      count(macs),
      count(memoryAccess),
    ]);
  console.log(formatTable(columns, rows));
}

/** Prints the properties and the cost of an imported detector. */
export function printGraph(report: GraphReport): void {
  printNodes(report);
  const { name, title, family, evidence, license, licenseVerdict, recipeInWords, input, classes } = report;
  const { classNames, opset, producer, parameters, macs, memoryAccess, activationMemory, uncounted } = report;
  const more = classes > SHOWN ? ' …' : '';
  const lines: readonly (readonly [string, string])[] = [
    ['recognized', `${title} (--as ${family}), by ${evidence}`],
    ['license', `${license} (${VERDICTS[licenseVerdict]})`],
    ['image', `${input[2]}×${input[1]}; ${recipeInWords}`],
    ['inputs', ports(report.inputs)],
    ['outputs', ports(report.outputs)],
    ['classes', `${classes}: ${classNames.slice(0, SHOWN).join(', ')}${more}`],
    ['file', `opset ${opset}, written by ${producer || 'an unnamed program'}`],
    ...Object.entries(report.provenance)
      .filter(([key]) => key === 'source' || key === 'sha256')
      .map(([key, value]) => [key, value] as const),
    ['parameters', count(parameters.total)],
    [
      'multiply-accumulates',
      `${count(macs)} (${(macs / 1e9).toFixed(3)} G; flops ${((2 * macs) / 1e9).toFixed(3)} G)`,
    ],
    ['memory access', `${count(memoryAccess)} elements`],
    ['activation memory', `${((4 * activationMemory) / 2 ** 20).toFixed(1)} MiB at most, as float32`],
    ...(uncounted.length > 0 ? [['not counted', uncounted.join(', ')] as const] : []),
    ...(report.trials ?? []).map(
      ({ reading, averagePrecision }) => ['tried', `${reading}: AP ${averagePrecision.toFixed(3)}`] as const,
    ),
    ...report.notes.map((note) => ['note', note] as const),
  ];
  console.log(`\n${printable(name)}`);
  for (const [key, value] of lines) console.log(`${key.padEnd(20)} ${printable(value)}`);
}
