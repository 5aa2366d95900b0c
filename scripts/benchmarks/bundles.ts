/**
 * Sizes of the subpaths that run in a browser, bundled by esbuild with what they import.
 * `npx tsx scripts/benchmarks/bundles.ts`
 */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

for (const name of ['boxes', 'evaluation', 'networks']) {
  const { outputFiles } = await build({
    entryPoints: [`src/api/${name}.ts`],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  const bytes = outputFiles[0]!.contents;
  const [size, zipped] = [bytes.length, gzipSync(bytes).length].map(
    (count) => `${(count / 1000).toFixed(1)} kB`,
  );
  console.log(`micro-yolo/${name}: ${size}, ${zipped} gzipped`);
}
