import { counted } from '../../foundation/counted.ts';
import { printable } from '../../foundation/errors/errors.ts';
import { median } from '../../foundation/timing/median.ts';
import type { ImageDetections } from '../../tasks/detect/detect-images.ts';
import { formatTable } from '../terminal/table.ts';

const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const px = (value: number) => value.toFixed(1);

/** Most images with a line of their own. */
const MOST_LINES = 20;

/** Number of latest images whose times are kept. */
const MOST_TIMES = 10_000;

/** What is in an image, in a line: `dog.jpg: dog, 2 × person`. */
function lineOf({ image, detections }: ImageDetections): string {
  const counts = new Map<string, number>();
  for (const { label } of detections) counts.set(label, (counts.get(label) ?? 0) + 1);
  const labels = [...counts].map(([label, count]) => (count === 1 ? label : `${count} × ${label}`));
  return `${image}: ${labels.join(', ') || 'nothing'}`;
}

/** Final output of `detect`. For one image: its objects. For several: one line per image, then the counts per label. */
export class DetectSummary {
  readonly #labels = new Map<string, { detections: number; images: number }>();
  readonly #times: Pick<ImageDetections, 'timings' | 'drawing'>[] = [];
  #first: ImageDetections | undefined;
  readonly #lines: string[] = [];
  #images = 0;
  #withObjects = 0;

  get images(): number {
    return this.#images;
  }

  add(found: ImageDetections): void {
    this.#images++;
    this.#first ??= found;
    if (this.#lines.length < MOST_LINES) this.#lines.push(lineOf(found));
    if (found.detections.length > 0) this.#withObjects++;
    this.#times[this.#images % MOST_TIMES] = { timings: found.timings, drawing: found.drawing };
    for (const { label } of found.detections) {
      const before = this.#labels.get(label) ?? { detections: 0, images: 0 };
      this.#labels.set(label, { ...before, detections: before.detections + 1 });
    }
    for (const label of new Set(found.detections.map((detection) => detection.label)))
      this.#labels.get(label)!.images++;
  }

  /**
   * @param isWhole whether there were no other images, skipped or finished earlier
   * @param out folder of the pictures, if any
   * @param loading milliseconds that loading the model took
   * @param written other output files and folders
   */
  print(isWhole: boolean, out: string | undefined, loading: number, written: readonly string[]): void {
    if (this.#images === 0) return;
    if (this.#images === 1 && isWhole) this.#printOne(this.#first!);
    else this.#printMany(out);
    if (written.length > 0) console.log(printable(`written: ${written.join(', ')}`));
    console.log(this.#timingLine(loading, out !== undefined));
  }

  #printOne({ image, width, height, detections, picture }: ImageDetections): void {
    console.log(printable(`${image} (${width}×${height}): ${counted(detections.length, 'detection')}`));
    if (detections.length > 0) {
      const numbers = ['score', 'left', 'top', 'width', 'height'];
      const columns = numbers.map((title) => ({ title, align: 'right' as const }));
      const rows = detections.map(({ label, score, box }) => [label, score.toFixed(3), ...box.map(px)]);
      console.log(formatTable([{ title: 'label' }, ...columns], rows));
    }
    if (picture !== undefined) console.log(printable(`drawn in ${picture}`));
  }

  #printMany(out: string | undefined): void {
    if (this.#images <= MOST_LINES) console.log(`${this.#lines.map(printable).join('\n')}\n`);
    const rows = [...this.#labels]
      .sort(([, a], [, b]) => b.detections - a.detections)
      .map(([label, { detections, images }]) => [label, String(detections), String(images)]);
    const numbers = ['detections', 'images'].map((title) => ({ title, align: 'right' as const }));
    if (rows.length > 0) console.log(formatTable([{ title: 'label' }, ...numbers], rows));
    else console.log('no detections');
    const images = `${counted(this.#images, 'image')}, ${this.#withObjects} with objects`;
    console.log(printable(out === undefined ? images : `${images}; drawn in ${out}`));
  }

  #timingLine(loading: number, isDrawn: boolean): string {
    const times = this.#times.filter((time) => time !== undefined);
    const part = (of: (time: (typeof times)[number]) => number) => ms(median(times.map(of)));
    const each = this.#images > 1 ? ' (medians per image)' : '';
    return [
      `model and start ${ms(loading)}`,
      `decode ${part(({ timings }) => timings.decode)}`,
      `network ${part(({ timings }) => timings.network)}`,
      `boxes ${part(({ timings }) => timings.boxes)}`,
      `${isDrawn ? 'drawing' : 'writing'} ${part(({ drawing }) => drawing)}${each}`,
    ].join(' · ');
  }
}
