import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

/** Subpaths that promise to run anywhere. */
const PURE = ['boxes', 'evaluation', 'networks'] as const;

async function bundle(name: string) {
  const result = await build({
    entryPoints: [`src/api/${name}.ts`],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return { code: result.outputFiles[0]!.text, inputs: Object.keys(result.metafile.inputs) };
}

describe.each(PURE)('micro-yolo/%s', (name) => {
  test('can be bundled for a browser: it imports no `node:` module and no native one', async () => {
    const { inputs } = await bundle(name);
    const packages = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    expect([...new Set(packages)].filter((used) => !['zod', 'fastest-levenshtein'].includes(used))).toEqual(
      [],
    );
  });

  test('the bundle runs and exports what the module does', async () => {
    const { code } = await bundle(name);
    const bundled = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
    const own = await import(`../../src/api/${name}.ts`);
    expect(Object.keys(bundled).sort()).toEqual(Object.keys(own).sort());
  });
});

test('a bundle with one function of a subpath leaves out the rest', async () => {
  const { outputFiles } = await build({
    stdin: { contents: "export { iou } from './src/api/boxes.ts';", resolveDir: process.cwd() },
    bundle: true,
    format: 'esm',
    write: false,
  });
  expect(outputFiles[0]!.text).not.toContain('clusterNms');
});
