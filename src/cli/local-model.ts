import { SingleBar } from 'cli-progress';
import { isAddress } from '../addresses.ts';
import { downloadModel } from '../tasks/download-model.ts';

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** The model as it can be loaded here: one named by an address is downloaded first, with a bar on a terminal. */
export async function localModel(model: string): Promise<string> {
  if (!isAddress(model)) return model;
  const bar = new SingleBar({
    format: '{bar} {received} MB of {name} · {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
    linewrap: true,
  });
  const name = new URL(model).pathname.split('/').at(-1)!;
  let isShown = false;
  try {
    return await downloadModel(model, {
      onProgress: (received, whole) => {
        if (whole === undefined) return;
        if (!isShown) bar.start(whole, 0, { name, received: '0' });
        isShown = true;
        bar.update(received, { received: megabytes(received) });
      },
    });
  } finally {
    if (isShown) bar.stop();
  }
}
