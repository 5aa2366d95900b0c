import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';

const PLACES = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const path = PLACES.find((place) => place !== undefined && existsSync(place));

/** An open page, and the errors in it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors of the console and the page, and outgoing requests. */
  readonly problems: readonly string[];
}

/** Serious accessibility violations that axe-core finds, as text. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page
    .addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core') })
    .catch(() => undefined);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`);
  });
}

/**
 * A suite that opens pages in a headless browser. Without Chromium it is skipped, and its title says so.
 * @param fn gets a function that opens a file
 */
export function describeInBrowser(
  title: string,
  fn: (open: (file: string, width?: number) => Promise<OpenPage>) => void,
): void {
  if (path === undefined) {
    test.skip(`${title} (needs Chromium: apt-get install chromium, or CHROMIUM_PATH)`, () => {});
    return;
  }
  describe(title, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
    }, 120_000);
    afterAll(() => browser?.close());
    fn(async (file, width = 1180) => {
      // Lets tests inject scripts into pages whose policy allows none from outside.
      const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('request', (request) => {
        if (!/^(file|data):/.test(request.url())) problems.push(`request ${request.url()}`);
      });
      page.on('dialog', async (dialog) => {
        problems.push(`dialog ${dialog.message()}`);
        await dialog.dismiss();
      });
      await page.goto(pathToFileURL(file).href);
      return { page, problems };
    });
  });
}
