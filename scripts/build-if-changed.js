// Builds dist/ unless it is newer than all of its sources. The first `npx micro-yolo` in a clone links the clone into npm's
// cache and runs `prepare` again: nobody should wait for a second build of the same sources.
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Every build writes this file last. */
const BUILT = 'dist/.tsbuildinfo';

const files = readdirSync('src', { recursive: true }).map((name) => join('src', name));
// Folders too: deleting a file changes only the time of its folder.
const sources = ['src', ...files, 'tsconfig.json', 'tsconfig.build.json'];
const changed = (path) => statSync(path).mtimeMs;

if (
  !existsSync('dist/cli/main.js') ||
  !existsSync(BUILT) ||
  sources.map(changed).some((time) => time > changed(BUILT))
) {
  execSync('npm run build', { stdio: 'inherit' });
}
