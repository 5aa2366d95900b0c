import { isAddress } from '../../foundation/addresses.ts';
import { downloadModel, fetchModel, isFetchedModel } from '../../tasks/models/download-model.ts';
import { Progress } from '../terminal/progress.ts';

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** Path or name of a model on this machine. Downloads it first if necessary, with a progress bar on a terminal. */
export async function localModel(model: string): Promise<string> {
  const isUrl = isAddress(model);
  if (!isUrl && !isFetchedModel(model)) return model;
  const progress = new Progress('MB', megabytes);
  let isStarted = false;
  try {
    const onProgress = (received: number, whole: number | undefined) => {
      if (whole === undefined) return;
      if (!isStarted) progress.start(whole);
      isStarted = true;
      progress.step(received);
    };
    return await (isUrl ? downloadModel : fetchModel)(model, { onProgress });
  } finally {
    progress.stop();
  }
}
