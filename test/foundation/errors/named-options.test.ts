import { expect, test } from 'vitest';
import { option, optionValues, replaceOptions } from '../../../src/foundation/errors/named-options.ts';

test('finds options in a message, with any values', () => {
  const message = `name ${option('split')}, or ${optionValues({ resume: 'a `b", c', epochs: 4, half: true, 'loss.gains.box': 0.5 })}`;
  const found: unknown[] = [];
  const replaced = replaceOptions(message, (name, value) => {
    found.push([name, value]);
    return `<${name}>`;
  });
  expect(found).toEqual([
    ['split', undefined],
    ['resume', 'a `b", c'],
    ['epochs', 4],
    ['half', true],
    ['loss.gains.box', 0.5],
  ]);
  expect(replaced).toBe('name <split>, or <resume> <epochs> <half> <loss.gains.box>');
});

test('leaves a mention without other wording, and text that names no option', () => {
  const message = `${optionValues({ a: 1, b: 2 })} and \`npm rebuild canvas\` and \`micro-yolo import --help\``;
  expect(replaceOptions(message, (name) => (name === 'a' ? '--a' : undefined))).toBe(message);
});
