import { isAddress } from '../addresses.ts';
import { downloadModel } from '../tasks/download-model.ts';
import { Progress } from './progress.ts';

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** The model as it can be loaded here: one named by an address is downloaded first, with a bar on a terminal. */
export async function localModel(model: string): Promise<string> {
  if (!isAddress(model)) return model;
  const progress = new Progress('MB', megabytes);
  let isStarted = false;
  try {
    return await downloadModel(model, {
      onProgress: (received, whole) => {
        if (whole === undefined) return;
        if (!isStarted) progress.start(whole);
        isStarted = true;
        progress.step(received);
      },
    });
  } finally {
    progress.stop();
  }
}
