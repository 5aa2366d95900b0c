import { describe, expect, it } from 'vitest';
import {
  formatDarknetConfig,
  parseDarknetConfig,
  SectionReader,
} from '../../../../src/models/formats/darknet/config.ts';
import { fixtureText } from './goldens.ts';

const contents = (text: string) =>
  parseDarknetConfig(text, 'a.cfg').map(({ type, entries }) => [type, Object.fromEntries(entries)]);

const thrown = (text: string) => {
  try {
    parseDarknetConfig(text, 'a.cfg');
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('parseDarknetConfig', () => {
  it('keeps sections and keys in order', () => {
    const text = '[net]\nwidth=32\nheight=64\n[convolutional]\nsize=3\n[convolutional]\n';
    expect(contents(text)).toEqual([
      ['net', { width: '32', height: '64' }],
      ['convolutional', { size: '3' }],
      ['convolutional', {}],
    ]);
  });

  it('removes spaces', () => {
    expect(contents(' [net]\n mask = 0, 1,\t2 \n')).toEqual([['net', { mask: '0,1,2' }]]);
  });

  it.each(['# comment', '; comment', '   #comment'])('skips the line %j', (line) => {
    expect(contents(`${line}\n[net]\n${line}\nwidth=8`)).toEqual([['net', { width: '8' }]]);
  });

  it.each(['width=8 # pixels', 'width=8;pixels=9'])('cuts the comment off %j', (line) => {
    expect(contents(`[net]\n${line}`)).toEqual([['net', { width: '8' }]]);
  });

  it.each(['[net] # first', '[net];a=b'])('cuts the comment off the header %j', (line) => {
    expect(contents(`${line}\nwidth=8`)).toEqual([['net', { width: '8' }]]);
  });

  it('reads Windows line endings', () => {
    expect(contents('[net]\r\nwidth=8\r\n')).toEqual([['net', { width: '8' }]]);
  });

  it('reads section names in any case', () => {
    expect(contents('[Net]\n')).toEqual([['net', {}]]);
  });

  it('refuses a key that is read and has two different values', () => {
    const [net] = parseDarknetConfig('[net]\nwidth=8\nwidth=9\nheight=8\nheight=8\n', 'a.cfg');
    const reader = new SectionReader(net!, 'a.cfg');
    expect(reader.integer('height', 1)).toBe(8);
    expect(() => reader.integer('width', 1)).toThrow(
      'a.cfg:1: [net] width appears twice with different values',
    );
  });

  it('numbers the lines of a section from 1', () => {
    const lines = parseDarknetConfig('\n[net]\n\n# c\n[yolo]\n', 'a.cfg').map(({ line }) => line);
    expect(lines).toEqual([2, 5]);
  });

  it.each([
    [
      'a line without a key',
      '[net]\nwidth=8\nhello',
      'a.cfg:3: "hello", expected [section] or key=value; is this a Darknet .cfg?',
    ],
    [
      'a value without a key',
      '[net]\n=8',
      'a.cfg:2: "=8", expected [section] or key=value; is this a Darknet .cfg?',
    ],
    [
      'a key before any section',
      'width=8\n[net]',
      'a.cfg:1: "width=8", expected [section] or key=value; is this a Darknet .cfg?',
    ],
    [
      'a header that does not end',
      '[net\n',
      'a.cfg:1: "[net", expected [section] or key=value; is this a Darknet .cfg?',
    ],
    ['an empty file', '', 'a.cfg: no [section], expected a Darknet .cfg that begins with [net]'],
    ['comments alone', '# nothing\n', 'a.cfg: no [section], expected a Darknet .cfg that begins with [net]'],
  ])('refuses %s', (_what, text, message) => {
    expect(thrown(text)).toMatchObject({ code: 'invalid-file', message });
  });

  it('shows at most 40 characters of a wrong line', () => {
    expect(thrown('x'.repeat(1000))).toMatchObject({
      message: expect.stringContaining(`"${'x'.repeat(40)}"`),
    });
  });
});

describe('formatDarknetConfig', () => {
  it.each(['convolutions', 'pools', 'routes', 'shortcuts', 'region', 'classifier', 'yolov3-tiny'])(
    'keeps every section and key of %s.cfg',
    (name) => {
      const text = fixtureText(`${name}.cfg`);
      const written = formatDarknetConfig(parseDarknetConfig(text, 'a.cfg'));
      expect(contents(written)).toEqual(contents(text));
    },
  );

  it('keeps keys that the reader does not use', () => {
    const text = '[net]\nlearning_rate=0.001\nmystery=a=b\n';
    expect(formatDarknetConfig(parseDarknetConfig(text, 'a.cfg'))).toBe(text);
  });
});
