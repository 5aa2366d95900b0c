import { execFileSync } from 'node:child_process';
import { describe, test } from 'vitest';

function isInstalled(): boolean {
  try {
    execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A suite that needs ffmpeg. Without ffmpeg it is skipped, and its title says so. */
export function describeWithFfmpeg(title: string, fn: () => void): void {
  if (isInstalled()) describe(title, fn);
  else test.skip(`${title} (needs ffmpeg)`, () => {});
}

/** Makes a lossless video of a square that moves to the right over black, by 4 pixels per frame. */
export function makeVideo(path: string, frames: number, extra: readonly string[] = []): void {
  const black = `color=black:size=200x64:rate=10:duration=${frames / 10}`;
  const white = "'255*between(X,4*N,4*N+23)*between(Y,20,43)'";
  const graph = `${black},format=rgb24,geq=r=${white}:g=${white}:b=${white}`;
  const codec = ['-c:v', 'ffv1', '-pix_fmt', 'bgr0'];
  execFileSync('ffmpeg', [
    '-loglevel',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    graph,
    ...codec,
    ...extra,
    `file:${path}`,
  ]);
}
