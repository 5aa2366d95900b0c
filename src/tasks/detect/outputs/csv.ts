import type { DetectionFile, FoundInImage } from './output.ts';
import { openText } from './text-file.ts';

const COLUMNS = [
  ...['image', 'image_width', 'image_height', 'label', 'class_id', 'score'],
  ...['left', 'top', 'width', 'height'],
];

/** Formats a CSV field (RFC 4180). */
export function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvRow = (fields: readonly (string | number)[]) => `${fields.map(csvField).join(',')}\n`;

function rowsOf({ image, width, height, detections }: FoundInImage): string {
  return detections
    .map(({ label, classId, score, box }) => csvRow([image, width, height, label, classId, score, ...box]))
    .join('');
}

/** Opens a CSV file with one row per detection. An image without detections has no rows. */
export async function csvFile(path: string): Promise<DetectionFile> {
  const file = await openText(path);
  await file.append(csvRow(COLUMNS));
  return {
    write: (found) => file.append(rowsOf(found)),
    end: async () => file[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: async () => file[Symbol.asyncDispose](),
  };
}
