/**
 * Gives the classes of a model file COCO's official names and keeps its weights byte for byte:
 * `npx tsx scripts/official-class-names.ts models/micro-yolo-coco.safetensors`.
 */
import { canonicalClass } from '../src/foundation/classes/class-synonyms.ts';
import { formatDescription, parseDescription } from '../src/models/formats/safetensors/description.ts';
import { readSafetensors, writeSafetensors } from '../src/models/formats/safetensors/safetensors.ts';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('expected a model file');
const { tensors, metadata } = await readSafetensors(path);
const description = parseDescription(metadata, path);
const classes = description.classes.map(canonicalClass);
const changed = classes.filter((name, index) => name !== description.classes[index]);
await writeSafetensors(path, { tensors, metadata: formatDescription({ ...description, classes }, path) });
console.log(`${path}: ${changed.length > 0 ? changed.join(', ') : 'all names were official'}`);
