import { expect, test } from 'vitest';
import { watching } from '../../src/foundation/watch.ts';

test('passes events on', () => {
  const heard: string[] = [];
  watching<string>({ onEvent: (event) => heard.push(event) })('done');
  expect(heard).toEqual(['done']);
});

test('stops the work at the first event after an abort', () => {
  const stop = new AbortController();
  const onEvent = watching<string>({ signal: stop.signal });
  onEvent('one');
  stop.abort('enough');
  expect(() => onEvent('two')).toThrow(expect.objectContaining({ code: 'interrupted', cause: 'enough' }));
});

test('refuses a function in place of an object', () => {
  expect(() => watching((() => {}) as never)).toThrow('watch function: expected an object');
});
