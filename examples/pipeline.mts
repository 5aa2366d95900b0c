/**
 * The steps of `detect`, so that you can change one: prepare, run, decode, suppress, back to the photo.
 *
 *     npx tsx pipeline.mts photo.jpg
 */
import { loadModel } from 'micro-yolo';
import { Candidates, clipToImage, decodeHead, suppress, toOriginal, xyxyToXywh } from 'micro-yolo/boxes';
import { compileModel, createSession, prepareImage } from 'micro-yolo/models';

const [photo = 'photo.jpg'] = process.argv.slice(2);
const { model } = await loadModel('micro-yolo-coco');
const [, height, width] = model.network.input;
const session = await createSession(compileModel(model));

// Prepare: decode the photo upright, and fit it into the network's input.
const { pixels, placement } = await prepareImage(photo, model.recipe, { width, height });

// Run: the input is uint8 pixels [batch, height, width, 3], the output one map of logits per head.
const outputs = await session.run({ image: { data: pixels, shape: [1, height, width, 3] } });

// Decode: boxes in pixels of the input, with a score and a class.
const candidates = new Candidates();
const options = { inputWidth: width, inputHeight: height, scoreThreshold: 0.25 };
for (const layer of model.network.layers) {
  if (layer.type !== 'yolo') continue;
  const { data, shape } = outputs[layer.name]!;
  const [, , rows, columns] = shape as [number, number, number, number];
  const { anchors, classes, scaleXY, center } = layer;
  const linear = center === 'linear';
  const map = { data: data as Float32Array, offset: 0, height: rows, width: columns };
  decodeHead({ kind: 'yolo', ...map, anchors, classes, scaleXY, linear }, options, candidates);
}

// Suppress boxes that overlap a better one of their class.
const kept = suppress(candidates, 'greedy', { iouThreshold: 0.45, maxDetections: 100 });

// Back to the photo.
for (let index = 0; index < kept.count; index++) {
  const corners = [...kept.boxes.subarray(4 * index, 4 * index + 4)] as [number, number, number, number];
  const box = xyxyToXywh(clipToImage(toOriginal(corners, placement), placement.original));
  const [label, score] = [model.classes[kept.classIds[index]!], kept.scores[index]!];
  console.log(`${label} ${score.toFixed(3)} ${box.map((side) => side.toFixed(1)).join(' ')}`);
}
await session[Symbol.asyncDispose]();
