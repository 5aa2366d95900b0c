import { SingleBar } from 'cli-progress';
import { downloadModel, isModelUrl } from '../tasks/download-model.ts';
import { fetchModel, isFetchedModel } from '../tasks/model-catalog.ts';

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** The model as it can be loaded here: one named by an address, or fetched by its name, is downloaded first, with a bar on a terminal. */
export async function localModel(model: string): Promise<string> {
  const isUrl = isModelUrl(model);
  if (!isUrl && !isFetchedModel(model)) return model;
  const bar = new SingleBar({
    format: '{bar} {received} MB of {name} · {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
    linewrap: true,
  });
  const name = isUrl ? new URL(model).pathname.split('/').at(-1)! : model;
  let isShown = false;
  try {
    const onProgress = (received: number, whole: number | undefined) => {
      if (whole === undefined) return;
      if (!isShown) bar.start(whole, 0, { name, received: '0' });
      isShown = true;
      bar.update(received, { received: megabytes(received) });
    };
    return await (isUrl ? downloadModel : fetchModel)(model, { onProgress });
  } finally {
    if (isShown) bar.stop();
  }
}
