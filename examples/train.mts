/**
 * Trains a detector of drawn shapes for 20 epochs on 200 images, and evaluates it. Ctrl+C saves the run.
 *
 *     npx tsx train.mts 20 200
 */
import { evaluateModel, trainDetector } from 'micro-yolo';
import { synthesizeDataset } from 'micro-yolo/datasets';

const [epochs = 20, images = 200] = process.argv.slice(2).map(Number);
const data = 'shapes';
await synthesizeDataset({ out: data, train: images, val: images / 4, size: 160, overwrite: true });

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const settings = { data, model: 'micro-yolo', size: 160, epochs, batch: 8 };
const { model, folder } = await trainDetector(
  { settings },
  {
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'engine') console.log(`${event.engine} on ${event.device}`);
      if (event.type === 'epoch') console.log(event.row);
    },
  },
);
console.log(`the run is in ${folder}`);

const { metrics } = await evaluateModel({ model, data });
console.log(`AP50 ${metrics.AP50.toFixed(3)}`);
