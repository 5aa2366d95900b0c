/**
 * Detects objects in a folder of photos, and prints one line of JSON per photo. Decodes the next photo while the network runs.
 *
 *     npx tsx batch.mts photos/ > found.jsonl
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { detectMany, loadDetector } from 'micro-yolo';

const folder = process.argv[2] ?? '.';
const names = await readdir(folder);
const photos = names.filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).map((name) => join(folder, name));

const detector = await loadDetector('micro-yolo-coco');
for await (const { source, result, error } of detectMany(detector, photos, { scoreThreshold: 0.3 })) {
  // An unreadable photo yields its error. The loop continues with the other photos.
  if (error) console.error(`skipped: ${error.message}`);
  else console.log(JSON.stringify({ photo: source, detections: result.detections }));
}
await detector[Symbol.asyncDispose]();
