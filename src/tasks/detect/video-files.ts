import type { FrameDetections } from './frame-detections.ts';
import { csvRow } from './outputs/csv.ts';
import { openText } from './outputs/text-file.ts';

type Written = Omit<FrameDetections, 'timings' | 'drawing'>;

const COLUMNS = ['frame', 'time', 'id', 'label', 'class_id', 'score', 'left', 'top', 'width', 'height'];

function rowsOf({ frame, time, detections }: Written): string {
  return detections
    .map(({ id = '', label, classId, score, box }) =>
      csvRow([frame, Number(time.toFixed(6)), id, label, classId, score, ...box]),
    )
    .join('');
}

/** Formats a frame as a JSON line. Counts are written only if there are lines or zones. */
function lineOf({ lines, zones, ...found }: Written): string {
  const counts = { ...(lines.length > 0 && { lines }), ...(zones.length > 0 && { zones }) };
  return `${JSON.stringify({ ...found, ...counts })}\n`;
}

/** Output files of a video, written frame by frame. */
export interface FrameFiles extends AsyncDisposable {
  write(found: Written): Promise<void>;
}

/** @throws MicroYoloError `not-writable` */
export async function openFrameFiles({
  jsonl,
  csv,
}: {
  readonly jsonl: string | undefined;
  readonly csv: string | undefined;
}): Promise<FrameFiles> {
  const lines = jsonl === undefined ? undefined : await openText(jsonl);
  const table =
    csv === undefined
      ? undefined
      : await openText(csv).catch(async (error: unknown) => {
          await lines?.[Symbol.asyncDispose]();
          throw error;
        });
  await table?.append(csvRow(COLUMNS));
  return {
    async write(found) {
      await lines?.append(lineOf(found));
      await table?.append(rowsOf(found));
    },
    async [Symbol.asyncDispose]() {
      await lines?.[Symbol.asyncDispose]();
      await table?.[Symbol.asyncDispose]();
    },
  };
}
