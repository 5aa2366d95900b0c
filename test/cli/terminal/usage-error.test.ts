import { expect, test } from 'vitest';
import { withSuggestion } from '../../../src/cli/terminal/usage-error.ts';

const HELP = '\n(add --help for the options)\n';

test.each([
  ["unknown option '--conf'", '(Did you mean --score-threshold?)'],
  ["unknown option '--imgsz'", '(Did you mean --size?)'],
  ["unknown command 'photos/dog.jpg'", '(Did you mean micro-yolo detect photos/dog.jpg?)'],
])('%s: suggests what other programs call so', (message, suggestion) => {
  expect(withSuggestion(`error: ${message}${HELP}`)).toBe(`error: ${message}\n${suggestion}${HELP}`);
});

test.each([
  "unknown option '--foo'",
  "unknown command 'foo'",
  "unknown option '--sise'\n(Did you mean --size?)",
])('leaves %s', (message) => {
  expect(withSuggestion(`error: ${message}${HELP}`)).toBe(`error: ${message}${HELP}`);
});
