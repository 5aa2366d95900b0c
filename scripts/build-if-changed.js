// Builds dist/ unless it is newer than all of its sources. npm runs `prepare` again if `npx micro-yolo` is first called
// in a clone, since it links the clone into its cache: nobody should wait for a second build of the same sources.
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Written last, by every build. */
const BUILT = 'dist/.tsbuildinfo';

const files = readdirSync('src', { recursive: true }).map((name) => join('src', name));
// Folders as well: a file that goes away changes its folder's time only.
const sources = ['src', ...files, 'tsconfig.json', 'tsconfig.build.json'];
const changed = (path) => statSync(path).mtimeMs;

if (
  !existsSync('dist/cli/main.js') ||
  !existsSync(BUILT) ||
  sources.map(changed).some((time) => time > changed(BUILT))
) {
  execSync('npm run build', { stdio: 'inherit' });
}
