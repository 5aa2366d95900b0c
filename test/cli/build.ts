import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** Compiles the files that ship, which the tests of the command line run. */
export default function build(): void {
  execFileSync(process.execPath, [
    path('node_modules/typescript/bin/tsc'),
    '-p',
    path('tsconfig.build.json'),
  ]);
}
