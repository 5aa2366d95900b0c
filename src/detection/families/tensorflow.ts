import * as z from 'zod';
import { classOf, labelRule, labelsBy } from '../decoders/labels.ts';
import { defineFamily, type GraphFacts } from './family.ts';
import { rowsOf } from './rows.ts';

const NAMES = ['detection_boxes', 'detection_scores', 'detection_classes'] as const;

const bare = (name: string) => name.replace(/:\d+$/, '').replace(/^.*\//, '');

const portOf = ({ outputs }: GraphFacts, wanted: string) => outputs.find(({ name }) => bare(name) === wanted);

const parameters = z.strictObject({
  boxes: z.string(),
  scores: z.string(),
  classes: z.string(),
  labels: labelRule,
});

/** TensorFlow's Object Detection API (SSD, EfficientDet …): images of any size, labels from 1, boxes 0–1. */
export const tensorflow = defineFamily<z.infer<typeof parameters>>({
  name: 'tensorflow',
  title: "TensorFlow's Object Detection API",
  license: 'Apache-2.0',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 640,
  recipe: { resize: 'native', resampling: 'bilinear', colorOrder: 'rgb', mean: 0, std: 1, fill: 0 },
  parameters,
  claim(graph, { names }) {
    const [boxes, scores, classes] = NAMES.map((name) => portOf(graph, name));
    if (!boxes || !scores || !classes) return undefined;
    const labels = labelsBy(names, 'from-1');
    return {
      by: 'names',
      evidence: `outputs ${NAMES.join(', ')}`,
      parameters: { boxes: boxes.name, scores: scores.name, classes: classes.name, labels },
      classCount: labels === 'coco-ids' ? 80 : undefined,
      ...(graph.image.isFixed ? { recipe: { resize: 'stretch' as const } } : {}),
    };
  },
  decode(outputs, { boxes, scores, classes, labels }, { scoreThreshold, input }, add) {
    const { width, height } = input;
    let place = 0;
    for (const [top, left, bottom, right] of rowsOf(outputs[boxes]!)) {
      const score = outputs[scores]!.data[place]!;
      const classId = classOf(outputs[classes]!.data[place++]!, labels);
      if (!(score > scoreThreshold) || classId < 0) continue;
      add(left! * width, top! * height, right! * width, bottom! * height, score, classId);
    }
  },
});
