/**
 * Trains a detector through the public API: `npx tsx scripts/train.ts DATA [EPOCHS]`, where DATA is a data set of
 * any format, such as datasets/bccd.yaml. Ctrl+C saves and ends.
 */
import { trainDetector } from '../src/api/index.ts';

const [data, epochs = '10'] = process.argv.slice(2);
if (data === undefined) {
  console.error('usage: npx tsx scripts/train.ts DATA [EPOCHS]');
  process.exit(2);
}
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const settings = { data, model: 'micro-yolo', epochs: Number(epochs), size: 320, evaluateEvery: 1 };
const report = await trainDetector(
  { settings },
  {
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'run') console.log(`training in ${event.folder}`);
      if (event.type === 'note') console.log(event.message);
      if (event.type === 'epoch') {
        const { epoch, loss, AP50 } = event.row;
        console.log(`epoch ${epoch}: loss ${loss?.toFixed(2)}, AP50 ${AP50?.toFixed(3)}`);
      }
    },
  },
);
console.log(`${report.reason} after ${Math.round(report.seconds)} s; the model is ${report.model}`);
if (report.reason === 'interrupted') {
  console.log(`resume with: micro-yolo train --resume ${report.folder}`);
}
