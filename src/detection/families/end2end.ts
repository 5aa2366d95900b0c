import * as z from 'zod';
import { areCorners, arePixels } from '../decoders/plausible.ts';
import { onlyOutput, shapeText } from '../decoders/ports.ts';
import { defineFamily } from './family.ts';
import { metadataNames, metadataSize } from './metadata.ts';
import { UNIT_LETTERBOX } from './recipes.ts';
import { rowsOf } from './rows.ts';

/** YOLOv10 and YOLO26, and YOLOv8 with built-in suppression: rows of left, top, right, bottom, score, class. */
export const end2end = defineFamily<object>({
  name: 'yolo-end2end',
  title: 'YOLO with suppression inside',
  license: 'AGPL-3.0 if made with Ultralytics',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 640,
  recipe: UNIT_LETTERBOX,
  parameters: z.strictObject({}),
  claim(graph, { isAsked }) {
    const { metadata } = graph;
    const output = onlyOutput(graph, 3);
    const [, rows, columns] = output?.shape ?? [];
    if (!output || columns !== 6 || rows === undefined || rows > 1000) return undefined;
    const evidence = `output ${shapeText(output.shape)}: rows of box, score and class`;
    const claim = {
      parameters: {},
      classCount: undefined,
      size: metadataSize(graph),
      classes: metadataNames(graph),
    };
    if (metadata['task'] === 'detect')
      return { by: 'metadata', evidence: `metadata task "detect", ${evidence}`, ...claim };
    return metadata['task'] === undefined || isAsked ? { by: 'shapes', evidence, ...claim } : undefined;
  },
  isPlausible(outputs) {
    const rows = [...rowsOf(Object.values(outputs)[0]!)].filter(([, , , , score]) => score! > 0);
    // With built-in suppression, all rows are zeros if nothing is found.
    if (rows.length === 0) return Object.values(outputs)[0]!.data.every((value) => value === 0);
    return (
      rows.every((row) => row[4]! <= 1) &&
      rows.every((row) => Number.isInteger(row[5]!) && row[5]! >= 0) &&
      areCorners(rows as never) &&
      arePixels(rows.map((row) => row.slice(0, 4)) as never)
    );
  },
  decode(outputs, _, { scoreThreshold }, add) {
    for (const [left, top, right, bottom, score, label] of rowsOf(Object.values(outputs)[0]!)) {
      if (score! > scoreThreshold) add(left!, top!, right!, bottom!, score!, label!);
    }
  },
});
