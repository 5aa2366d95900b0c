import * as z from 'zod';
import { classOf, type LabelRule, labelRule, labelsBy } from '../../decoders/labels.ts';
import { onlyOutput, outputNamed, shapeText } from '../../decoders/ports.ts';
import { addFromPhoto, addScores } from '../../decoders/scores.ts';
import { defineFamily } from '../family.ts';
import { metadataNames, metadataSize } from '../metadata.ts';
import { IMAGENET, UNIT_LETTERBOX } from '../recipes.ts';
import { rowsOf } from '../rows.ts';
import { decodeSigmoid } from './detr.ts';

const STRETCHED = { ...UNIT_LETTERBOX, resize: 'stretch', letterbox: undefined } as const;

/** RT-DETR, D-FINE and DEIM as exported by their authors: labels, boxes in pixels of the photo, scores. */
export const rtDetr = defineFamily<object>({
  name: 'rt-detr',
  title: 'RT-DETR, D-FINE or DEIM',
  license: 'Apache-2.0',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 640,
  recipe: STRETCHED,
  parameters: z.strictObject({}),
  claim(graph) {
    const asked = graph.inputs.find(({ name }) => name === 'orig_target_sizes' || name === 'orig_size');
    const isWhole = ['labels', 'boxes', 'scores'].every((name) =>
      graph.outputs.some((output) => output.name === name),
    );
    if (!asked || !isWhole) return undefined;
    const evidence = `input ${asked.name}, outputs labels, boxes and scores`;
    return { by: 'names', evidence, parameters: {}, classCount: undefined };
  },
  decode({ boxes, labels, scores }, _, view, add) {
    const { scoreThreshold } = view;
    let place = 0;
    for (const [left, top, right, bottom] of rowsOf(boxes!)) {
      const score = scores!.data[place]!;
      const label = labels!.data[place++]!;
      if (score > scoreThreshold) addFromPhoto(view, [left!, top!, right!, bottom!], score, label, add);
    }
  },
});

/** RF-DETR: logits for COCO ids, or for classes with an unused one at the end. */
export const rfDetr = defineFamily<{ readonly labels: LabelRule; readonly classes: number }>({
  name: 'rf-detr',
  title: 'RF-DETR',
  license: 'Apache-2.0',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 560,
  recipe: { ...STRETCHED, ...IMAGENET },
  parameters: z.strictObject({ labels: labelRule, classes: z.number().int().positive() }),
  claim(graph) {
    const dets = outputNamed(graph, /^dets$/);
    const logits = outputNamed(graph, /^labels$/);
    const columns = logits?.shape[2];
    if (dets?.shape[2] !== 4 || columns === undefined || columns < 2) return undefined;
    const isCoco = columns === 91;
    const classes = isCoco ? columns : columns - 1;
    return {
      by: 'names',
      evidence: `outputs dets ${shapeText(dets.shape)} and labels ${shapeText(logits!.shape)} of logits`,
      parameters: { labels: isCoco ? 'coco-ids' : 'from-0', classes },
      classCount: isCoco ? 80 : classes,
    };
  },
  decode({ dets, labels }, { labels: rule, classes }, view, add) {
    decodeSigmoid(dets!, labels!, classes, view, (left, top, right, bottom, score, label) => {
      const classId = classOf(label, rule);
      if (classId >= 0) add(left, top, right, bottom, score, classId);
    });
  },
});

/**
 * RT-DETR as exported by Ultralytics: [1, queries, 4 + classes], with center and sides 0–1, and the best class per
 * query.
 */
export const ultralyticsRtDetr = defineFamily<object>({
  name: 'ultralytics-rt-detr',
  title: 'RT-DETR (Ultralytics)',
  license: 'AGPL-3.0 if made with Ultralytics',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: false,
  size: 640,
  recipe: STRETCHED,
  parameters: z.strictObject({}),
  claim(graph, { isAsked }) {
    const output = onlyOutput(graph, 3);
    const [, queries, columns] = output?.shape ?? [];
    const { metadata } = graph;
    const says =
      /rt-?detr/i.test(`${metadata['description']} ${metadata['head']}`) && metadata['task'] === 'detect';
    if (!output || columns === undefined || columns < 5 || (queries ?? 0) > 1000 || !(says || isAsked))
      return undefined;
    const evidence = `metadata "${metadata['description']}", output ${shapeText(output.shape)}`;
    const classes = metadataNames(graph);
    return {
      by: 'metadata',
      evidence,
      parameters: {},
      classCount: columns - 4,
      classes,
      size: metadataSize(graph),
    };
  },
  decode(outputs, _, view, add) {
    const output = Object.values(outputs)[0]!;
    const { width, height } = view.input;
    for (const row of rowsOf(output)) {
      const [x, y, w, h] = row;
      addScores(row, 4, 1, row.length - 4, 1, view, (score, classId) =>
        add(
          (x! - w! / 2) * width,
          (y! - h! / 2) * height,
          (x! + w! / 2) * width,
          (y! + h! / 2) * height,
          score,
          classId,
        ),
      );
    }
  },
});

/** torchvision's detectors: boxes in pixels of the input, labels from 1, scores. The graph normalizes the image. */
export const torchvision = defineFamily<{ readonly labels: LabelRule }>({
  name: 'torchvision',
  title: 'torchvision',
  license: 'BSD-3-Clause',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 320,
  recipe: STRETCHED,
  parameters: z.strictObject({ labels: labelRule }),
  claim(graph, { names }) {
    const isWhole = ['labels', 'boxes', 'scores'].every((name) =>
      graph.outputs.some((output) => output.name === name),
    );
    if (!isWhole || graph.outputs.length !== 3 || graph.inputs.length !== 1) return undefined;
    const boxes = graph.outputs.find(({ name }) => name === 'boxes')!;
    if (boxes.shape.length !== 2) return undefined;
    const labels = labelsBy(names, 'from-1');
    const evidence = `outputs boxes ${shapeText(boxes.shape)}, labels and scores`;
    return {
      by: 'names',
      evidence,
      parameters: { labels },
      classCount: labels === 'coco-ids' ? 80 : undefined,
      // The graph resizes the image and maps boxes back.
      recipe: graph.image.isFixed ? undefined : { resize: 'native' },
    };
  },
  decode({ boxes, labels, scores }, { labels: rule }, { scoreThreshold }, add) {
    let place = 0;
    for (const [left, top, right, bottom] of rowsOf(boxes!)) {
      const score = scores!.data[place]!;
      const classId = classOf(labels!.data[place++]!, rule);
      if (score > scoreThreshold && classId >= 0) add(left!, top!, right!, bottom!, score, classId);
    }
  },
});
