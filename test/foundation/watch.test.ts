import { expect, test } from 'vitest';
import { watching } from '../../src/foundation/watch.ts';

test('events are handed on', () => {
  const heard: string[] = [];
  watching<string>({ onEvent: (event) => heard.push(event) })('done');
  expect(heard).toEqual(['done']);
});

test('the first event after an abort ends the work', () => {
  const stop = new AbortController();
  const onEvent = watching<string>({ signal: stop.signal });
  onEvent('one');
  stop.abort('enough');
  expect(() => onEvent('two')).toThrow(expect.objectContaining({ code: 'interrupted', cause: 'enough' }));
});

test('a function instead of what holds it is refused', () => {
  expect(() => watching((() => {}) as never)).toThrow('watch function: expected an object');
});
