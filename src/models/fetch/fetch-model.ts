import { basename, join } from 'node:path';
import { checkSecure } from '../../foundation/addresses.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { type CatalogEntry, catalogEntry } from './catalog.ts';
import { type DownloadOptions, downloadFile, modelCacheFolder } from './download.ts';

/** Options for downloading a model by name. */
export interface FetchOptions extends DownloadOptions {
  /**
   * Address of a folder that contains the files as NAME/FILE, which replaces their origin.
   * @default the value of `MICRO_YOLO_MIRROR`, or none
   */
  readonly mirror?: string | undefined;
}

function addressOf(url: string, name: string, mirror: string | undefined): URL {
  if (mirror === undefined) return new URL(url);
  const place = mirror.endsWith('/') ? mirror : `${mirror}/`;
  if (!URL.canParse(place)) {
    throw new MicroYoloError(
      'invalid-argument',
      `mirror ${mirror}: expected an address, https://HOST/FOLDER`,
      { field: 'mirror', received: mirror },
    );
  }
  const address = new URL(`${name}/${basename(new URL(url).pathname)}`, place);
  checkSecure(address, 'mirror');
  return address;
}

/** Whether this is the name of a downloadable model. */
export function isFetchedModel(name: string): boolean {
  return catalogEntry(name)?.files !== undefined;
}

/**
 * Downloads a model by name, once. Each of its files is checked against the catalog before use.
 * @returns the path of the model file
 * @throws MicroYoloError `invalid-file` for a file with another SHA-256, `unreachable` if the download fails
 */
export async function fetchModel(name: string, options: FetchOptions = {}): Promise<string> {
  const entry: CatalogEntry | undefined = catalogEntry(name);
  const { files = [] } = entry ?? {};
  if (files.length === 0) {
    throw new MicroYoloError(
      'invalid-argument',
      `model ${JSON.stringify(name)}: not a downloadable model; \`micro-yolo models\` lists them`,
      { field: 'model', received: name },
    );
  }
  const folder = join(options.folder ?? modelCacheFolder(), name);
  const mirror = options.mirror ?? process.env['MICRO_YOLO_MIRROR'];
  const whole = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const { url, bytes, sha256 } of files) {
    const { onProgress } = options;
    const done = before;
    await downloadFile(join(folder, basename(new URL(url).pathname)), addressOf(url, name, mirror), sha256, {
      ...options,
      maxBytes: Math.max(bytes, 1),
      ...(onProgress ? { onProgress: (received: number) => onProgress(done + received, whole) } : {}),
    });
    before += bytes;
  }
  return join(folder, basename(new URL(files[0]!.url).pathname));
}
