import * as z from 'zod';
import { counted } from '../../foundation/counted.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { GRAPH_INFO_OPTIONS } from '../../options/info.ts';
import { type LatencyReport, reportLatency } from '../../tasks/latency/report-latency.ts';
import { reportGraph } from '../../tasks/models/report-graph.ts';
import { type ModelReport, reportModel } from '../../tasks/models/report-model.ts';
import { localModel } from '../flags/local-model.ts';
import { readFlags } from '../flags/read-table.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';
import { printGraph } from './graph.ts';

const OWN = {
  guidelines: z.boolean().default(false),
  ms: z.boolean().default(false),
  json: z.boolean().default(false),
};
type Flags = NonNullable<Parameters<typeof reportGraph>[1]>;

const count = (value: number) => value.toLocaleString('en-US');

/** Milliseconds by layer: the sum over its operations. Layers that are fused into others have no entry. */
function layerTimes({ layers }: LatencyReport): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { layer, predicted } of layers) {
    if (layer !== null) times.set(layer, (times.get(layer) ?? 0) + predicted);
  }
  return times;
}

function printReport(report: ModelReport, latency: LatencyReport | undefined): void {
  const { name, input, parameters, macs, memoryAccess, activationMemory, layers, classes } = report;
  const times = latency && layerTimes(latency);
  const columns = [
    { title: 'layer' },
    { title: 'type' },
    ...['output', 'parameters', 'MACs', 'memory access', ...(times ? ['ms'] : [])].map((title) => ({
      title,
      align: 'right' as const,
    })),
  ];
  const rows = layers.map((layer) => [
    layer.name,
    layer.type,
    layer.shape.join('×'),
    count(layer.parameters.total),
    count(layer.macs),
    count(layer.memoryAccess),
    ...(times ? [times.get(layer.name)?.toFixed(3) ?? ''] : []),
  ]);
  console.log(formatTable(columns, rows));
  console.log(`
${name}: ${counted(classes, 'class', 'classes')}, input ${input.join('×')} (channels × height × width)
parameters         ${count(parameters.trainable)} trainable, ${count(parameters.total)} in all
multiply-accumulates ${count(macs)} (${(macs / 1e9).toFixed(3)} G; flops ${((2 * macs) / 1e9).toFixed(3)} G)
memory access      ${count(memoryAccess)} elements
activation memory  ${((4 * activationMemory) / 2 ** 20).toFixed(1)} MiB at most, as float32`);
  if (latency) {
    console.log(
      `time               ${latency.predicted.toFixed(2)} ms predicted on this machine, including operations without parameters`,
    );
  }
}

/** Number of layers named for a broken guideline. */
const SHOWN = 3;

function printGuidelines({ name, guidelines }: ModelReport): void {
  console.log(`${name} by ShuffleNetV2's guidelines (https://arxiv.org/abs/1807.11164)`);
  for (const { guideline, isKept, finding, layers } of guidelines) {
    console.log(`\n${isKept ? 'kept  ' : 'broken'}  ${guideline}: ${finding}`);
    const more = layers.length > SHOWN ? ` and ${layers.length - SHOWN} more` : '';
    if (layers.length > 0) console.log(`        ${layers.slice(0, SHOWN).join(', ')}${more}`);
  }
}

function refuse(flag: string, problem: string): never {
  throw new MicroYoloError('invalid-argument', `--${flag}: ${problem}`);
}

/** Runs `info`. Returns the exit code. */
export async function runInfo(model: string, raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>(GRAPH_INFO_OPTIONS, OWN, raw);
  const { size, diagram, as, names } = options;
  const { guidelines, ms, json } = own;
  const local = await localModel(model);
  const graph = await reportGraph(local, options);
  if (graph) {
    if (guidelines)
      refuse('guidelines', `${model} is an imported graph, expected one of micro-yolo's own networks`);
    if (ms) refuse('ms', `${model} is an imported graph; "micro-yolo compare" times it`);
    if (json) console.log(JSON.stringify(graph, null, 2));
    else {
      printGraph(graph);
      if (diagram !== undefined) console.log(`diagram drawn in ${diagram}`);
    }
    return EXIT.done;
  }
  if (as !== undefined) refuse('as', `${model} is not an .onnx file; leave it out`);
  if (names !== undefined) refuse('names', `${model} is not an .onnx file; leave it out`);
  const report = await reportModel(local, { size, diagram });
  const latency = ms ? await reportLatency({ model: local, size, runs: 1 }) : undefined;
  if (json) console.log(JSON.stringify(latency ? { ...report, latency } : report, null, 2));
  else {
    if (guidelines) printGuidelines(report);
    else printReport(report, latency);
    if (diagram !== undefined) console.log(`diagram drawn in ${diagram}`);
  }
  return EXIT.done;
}
