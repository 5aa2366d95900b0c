/**
 * Rewrites the tables of README and docs from results/*.json and the registry, between
 * `<!-- table:NAME -->` marks. `npx tsx scripts/measured-tables.ts`; a test fails if a page is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cifarTable, detectorsTable, guidelinesTable, spiralTable } from './tables/architectures.ts';
import { conformanceTable, familiesTable, trapsTable } from './tables/conformance.ts';
import { darknetTable } from './tables/darknet.ts';
import { detectTable, networksTable } from './tables/detection.ts';
import { evaluateTable } from './tables/evaluation.ts';
import { shippedModelTable } from './tables/models.ts';
import { roomsTable } from './tables/rooms.ts';
import { assignersTable, comparisonTable, peerDetectorTable, trainingTable } from './tables/training.ts';

const root = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const tables: Readonly<Record<string, () => string>> = {
  detect: detectTable,
  networks: networksTable,
  families: familiesTable,
  conformance: conformanceTable,
  traps: trapsTable,
  evaluate: evaluateTable,
  training: trainingTable,
  comparison: comparisonTable,
  'peer-detector': peerDetectorTable,
  assigners: assignersTable,
  detectors: detectorsTable,
  darknet: darknetTable,
  guidelines: guidelinesTable,
  spiral: spiralTable,
  cifar: cifarTable,
  rooms: roomsTable,
  'micro-yolo-coco': () => shippedModelTable('micro-yolo-coco'),
  'micro-yolo-blood-cells': () => shippedModelTable('micro-yolo-blood-cells'),
};

/** Pages with tables. */
export const PAGES = [
  'README.md',
  'docs/darknet.md',
  'docs/evaluation.md',
  'docs/foreign-detectors.md',
  'docs/networks.md',
  'docs/structure.md',
  'docs/training-engine.md',
  'docs/training.md',
  'models/micro-yolo-blood-cells.md',
  'models/micro-yolo-coco.md',
] as const;

export function readPage(page: string): string {
  return readFileSync(root(page), 'utf8');
}

/** Returns a page with its tables rewritten. */
export function renderTables(page: string): string {
  return page.replace(
    /(<!-- table:([\w-]+) -->\n)[\s\S]*?(<!-- \/table:\2 -->)/g,
    (_, open: string, name: string, close: string) => `${open}${tables[name]!()}\n${close}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const page of PAGES) writeFileSync(root(page), renderTables(readPage(page)));
}
