import { basename, join, resolve } from 'node:path';
import { type XyxyPx, xyxyToXywh } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { drawContactSheet } from '../../drawing/contact-sheet.ts';
import { saveCanvas } from '../../drawing/save.ts';
import { bootstrapMetrics } from '../../evaluation/bootstrap/bootstrap.ts';
import type { Interval } from '../../evaluation/bootstrap/intervals.ts';
import { prepareEvaluation } from '../../evaluation/bootstrap/prepare.ts';
import type { DetectionList } from '../../evaluation/detection-list.ts';
import { evaluationInput } from '../../evaluation/input.ts';
import { readResults, writeResults } from '../../evaluation/results/file.ts';
import { isFile, makeFolder } from '../../foundation/files/folders.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { renderRunReport } from '../../reports/run/run-report.ts';
import type { RunSubject } from '../../reports/run/subject.ts';
import { DECIDING } from '../../training/run/epochs.ts';
import type { ShownBatch, TrainingEvent } from '../../training/run/events.ts';
import type { Best, EpochRow } from '../../training/run/run.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';
import { changedSettings, DETECTIONS_FILE, readOrigin, runPictures } from './read-run.ts';
import { BATCHES_FOLDER } from './run-folder.ts';

/** Maximum number of images of a batch on a sheet. */
const SHOWN = 9;
/** Maximum number of notes in a report. */
const NOTES = 20;
export const RUN_PAGE = 'report.html';

/** Draws one of the first batches into the run folder. */
async function drawBatch(folder: string, batch: ShownBatch, dataset: Dataset, number: number): Promise<void> {
  const { input, pixels, images, boxes, classes } = batch;
  const length = 3 * input.width * input.height;
  const room = boxes.length / 4 / Math.max(1, images.length);
  const pictures = images.slice(0, SHOWN).map((title, at) => ({
    title,
    image: { ...input, data: pixels.subarray(at * length, (at + 1) * length) },
    boxes: Array.from({ length: room }, (_, place) => at * room + place)
      .filter((row) => boxes[4 * row + 2]! > boxes[4 * row]!)
      .map((row) => ({
        label: dataset.categories[classes[row]!]!.name,
        classId: classes[row]!,
        box: xyxyToXywh([...boxes.subarray(4 * row, 4 * row + 4)] as unknown as XyxyPx),
      })),
  }));
  const sheet = await drawContactSheet(pictures, Math.max(input.width, input.height));
  await makeFolder(join(folder, BATCHES_FOLDER));
  await saveCanvas(sheet, join(folder, BATCHES_FOLDER, `batch-${number}.jpg`));
}

/** Keeps a run's report, `report.html` in its folder, up to date during training. */
export class RunReporter {
  readonly #folder: string;
  readonly #settings: TrainingSettings;
  readonly #train: Dataset;
  readonly #evaluation: Dataset | undefined;
  readonly #rows: EpochRow[];
  readonly #notes: string[] = [];
  readonly #onNote: (message: string) => void;
  #best: Best | undefined;
  #batches = 0;
  #bestDetections: DetectionList | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(
    folder: string,
    settings: TrainingSettings,
    data: { readonly train: Dataset; readonly evaluation: Dataset | undefined },
    { history, best }: { readonly history: readonly EpochRow[]; readonly best: Best | undefined },
    onNote: (message: string) => void,
  ) {
    this.#folder = folder;
    this.#settings = settings;
    this.#train = data.train;
    this.#evaluation = data.evaluation;
    this.#rows = [...history];
    this.#best = best;
    this.#onNote = onNote;
  }

  /** Handles an event of the run. @param detections detections of the latest evaluation, if any */
  hear(event: TrainingEvent, detections: DetectionList | undefined): void {
    if (event.type === 'note') this.#notes.push(event.message);
    if (event.type === 'batch') {
      const number = ++this.#batches;
      this.#do(() => drawBatch(this.#folder, event, this.#train, number));
    }
    if (event.type !== 'epoch') return;
    this.#rows.push(event.row);
    this.#best = event.best;
    if (event.isBest && detections !== undefined) {
      this.#bestDetections = detections;
      this.#do(() => writeResults(join(this.#folder, DETECTIONS_FILE), detections));
    }
    this.#do(() => this.#write('running'));
  }

  /** Resolves when everything reported so far is written. */
  get settled(): Promise<void> {
    return this.#work;
  }

  /** Writes the final report. */
  async end(state: RunSubject['state']): Promise<void> {
    this.#do(() => this.#write(state));
    await this.#work;
  }

  /** Runs tasks one after another, during training. A failed task becomes a note and does not end the run. */
  #do(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#onNote(error instanceof Error ? error.message : String(error));
    });
  }

  async #interval(): Promise<Interval | undefined> {
    if (this.#evaluation === undefined || this.#best === undefined) return undefined;
    const path = join(this.#folder, DETECTIONS_FILE);
    // The best epoch may be from before a resume.
    const stored = async () => ((await isFile(path)) ? readResults(path) : undefined);
    const detections = this.#bestDetections ?? (await stored());
    if (detections === undefined) return undefined;
    const input = evaluationInput(this.#evaluation, detections);
    return bootstrapMetrics(prepareEvaluation(input)).metrics.AP;
  }

  async #write(state: RunSubject['state']): Promise<void> {
    const { environment } = await readOrigin(this.#folder);
    const page = renderRunReport({
      name: basename(resolve(this.#folder)),
      state,
      rows: this.#rows,
      deciding: DECIDING[this.#train.task ?? 'detection'],
      best: this.#best,
      interval: state === 'running' ? undefined : await this.#interval(),
      settings: changedSettings(this.#settings),
      environment: [['data', this.#settings.data], ['model', this.#settings.model], ...environment],
      notes: this.#notes.slice(-NOTES),
      ...(await runPictures(this.#folder)),
    });
    await writeWholeFile(join(this.#folder, RUN_PAGE), page);
  }
}
