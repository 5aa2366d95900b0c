import { Document, isMap, type Scalar, type YAMLMap } from 'yaml';
import * as z from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { readYaml } from '../../foundation/files/yaml.ts';
import { OPTIMIZER_NAMES, OPTIMIZERS } from '../../training/optimizers/registry.ts';
import { type TrainingSettings, trainingSettingsSchema } from '../../training/run/settings.ts';

/** Partial settings of a file or of flags, nested by section. */
export type GivenSettings = { readonly [key: string]: unknown };

const isSection = (value: unknown): value is GivenSettings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Merges settings section by section. `over` takes precedence. */
export function mergeSettings(base: GivenSettings, over: GivenSettings): GivenSettings {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const old = merged[key];
    merged[key] = isSection(old) && isSection(value) ? mergeSettings(old, value) : value;
  }
  return merged;
}

/** Parses `a.b=1` to { a: { b: 1 } }. Values are JSON, or else text. */
export function parseSetting(text: string): GivenSettings {
  const [name = '', ...rest] = text.split('=');
  const written = rest.join('=');
  let value: unknown = written;
  try {
    value = JSON.parse(written);
  } catch {
    // Not JSON, so the value is text. Text needs no quotes.
  }
  return name.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as GivenSettings;
}

function received(value: GivenSettings, path: readonly PropertyKey[]): string {
  const found = path.reduce<unknown>((at, key) => (isSection(at) ? at[String(key)] : undefined), value);
  return found === undefined ? 'missing' : JSON.stringify(found);
}

/**
 * Checks settings and fills in the defaults.
 * @param where origin of the settings, for messages: a file or a command
 * @throws MicroYoloError `invalid-argument` with the setting, its value and the expectation
 */
export function resolveSettings(given: GivenSettings, where: string): TrainingSettings {
  const { optimizer } = given;
  const named = isSection(optimizer) ? OPTIMIZER_NAMES.find((name) => name === optimizer['kind']) : undefined;
  const filled =
    named === undefined
      ? given
      : { ...given, optimizer: { weightDecay: OPTIMIZERS[named].weightDecay, ...(optimizer as object) } };
  const parsed = trainingSettingsSchema.safeParse(filled);
  if (parsed.success) return parsed.data;
  const issue: z.core.$ZodIssue = parsed.error.issues[0]!;
  const name = issue.path.join('.');
  const remedy = 'see "micro-yolo train --print-config"';
  const problem =
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.map((key) => [...issue.path, key].join('.')).join(', ')}: no such setting`
      : `${name} ${received(given, issue.path)}: ${issue.message}`;
  throw new MicroYoloError('invalid-argument', `${where}: ${problem}; ${remedy}`);
}

/**
 * Reads an experiment file.
 * @throws MicroYoloError `not-found`, or `invalid-file` if it is not YAML with settings
 */
export async function readSettings(path: string): Promise<GivenSettings> {
  const data = await readYaml(path, 'an experiment file');
  if (isSection(data)) return data;
  throw new MicroYoloError(
    'invalid-file',
    `${path}: has no settings, expected "data: …" and other settings`,
    {
      path,
    },
  );
}

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
}

/** Adds each setting's description as a comment above it. */
function comment(map: YAMLMap, { properties = {} }: Described): void {
  for (const { key, value } of map.items as { key: Scalar; value: unknown }[]) {
    const setting = properties[String(key.value)];
    if (setting?.description !== undefined) key.commentBefore = ` ${setting.description}`;
    if (setting && isMap(value)) comment(value, setting);
  }
}

/** Formats settings as an experiment file with a comment for each. */
export function formatSettings(settings: TrainingSettings): string {
  const document = new Document(settings);
  comment(document.contents as YAMLMap, z.toJSONSchema(trainingSettingsSchema, { io: 'input' }) as Described);
  return document.toString({ lineWidth: 100 });
}

/** Names of settings that differ, with both values. */
export function settingsDifferences(
  before: GivenSettings,
  after: GivenSettings,
  prefix = '',
): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    const [a, b] = [before[key], after[key]];
    if (isSection(a) && isSection(b)) return settingsDifferences(a, b, `${prefix}${key}.`);
    const [was, is] = [JSON.stringify(a), JSON.stringify(b)];
    return was === is ? [] : [`${prefix}${key} (${was}, now ${is})`];
  });
}
