/**
 * A folder of photos to one line of JSON each. The next photo is decoded while the network looks at this one.
 *
 *     npx tsx batch.ts photos/ > found.jsonl
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { detectMany, loadDetector } from 'micro-yolo';

const folder = process.argv[2] ?? '.';
const names = await readdir(folder);
const photos = names.filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).map((name) => join(folder, name));

const detector = await loadDetector('micro-yolo-coco');
for await (const { source, result, error } of detectMany(detector, photos, { scoreThreshold: 0.3 })) {
  // A photo that cannot be read comes with its error, and the others go on.
  if (error) console.error(`skipped ${source}: ${error.message}`);
  else console.log(JSON.stringify({ photo: source, detections: result.detections }));
}
await detector[Symbol.asyncDispose]();
