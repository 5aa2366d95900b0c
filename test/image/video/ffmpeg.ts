import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
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

/**
 * Puts programs named ffmpeg and ffprobe first on the PATH: a camera that delivers 3 frames of 32×32 pixels and
 * then nothing. Videos are written by the real ffmpeg. Every start adds its process id to `started`.
 * @param probe the JavaScript of ffprobe. @default states 10 frames per second
 */
export async function stalledCamera(
  folder: string,
  probe = `console.log('{"streams":[{"avg_frame_rate":"10/1"}]}')`,
): Promise<{ readonly path: string; readonly running: () => Promise<number> }> {
  await mkdir(folder, { recursive: true });
  const started = join(folder, 'started');
  const note = `require('fs').appendFileSync(${JSON.stringify(started)}, process.pid + '\\n');`;
  const frame = "Buffer.concat([Buffer.from('P6\\n32 32\\n255\\n'), Buffer.alloc(3072, 9)])";
  const environment = JSON.stringify({ PATH: process.env['PATH'] });
  const write = `process.exit(require('child_process').spawnSync('ffmpeg', process.argv.slice(2), { stdio: 'inherit', env: ${environment} }).status)`;
  const stall = `for (let i = 0; i < 3; i++) process.stdout.write(${frame}); setInterval(() => {}, 1000)`;
  const programs = {
    ffprobe: probe,
    ffmpeg: `if (process.argv.includes('rawvideo')) ${write}; else { ${stall} }`,
  };
  await writeFile(started, '');
  for (const [name, code] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!${process.execPath}\n${note}\n${code}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return {
    path: `${folder}${delimiter}${process.env['PATH']}`,
    async running() {
      const ids = (await readFile(started, 'utf8')).split('\n').filter((line) => line !== '');
      return ids.filter((id) => isRunning(Number(id))).length;
    },
  };
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
