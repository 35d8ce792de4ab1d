import { describe, expect, it } from 'vitest';
import { ConsoleWatch, type WatchOptions } from '../../src/app/console-watch.js';

const bytes = (text: string) => new TextEncoder().encode(text);
function watch(options: Partial<WatchOptions> = {}) {
  const console = new ConsoleWatch({ exec: [], fail: /panic:/, ...options });
  return { console, feed: (text: string) => console.feed(bytes(text)) };
}

describe('--exec', () => {
  it('types a line at each prompt, and is done at the one after the last', () => {
    const { console, feed } = watch({ exec: ['one', 'two'] });
    expect(feed('init: starting sh\n$')).toBe('');
    expect(feed(' ')).toBe('one\n');
    expect(feed('one\nfirst\n$ ')).toBe('two\n');
    expect(feed('two\nsecond\n')).toBe('');
    expect(console.verdict).toBeUndefined();
    expect(feed('$ ')).toBe('');
    expect(console.verdict).toEqual({ kind: 'prompt', line: '$ ' });
  });

  it('takes no echo for a prompt, and a prompt behind other output for one', () => {
    const { console, feed } = watch({ exec: ['echo a$ b', 'x'] });
    feed('$ ');
    expect(feed('echo a$ b\n')).toBe('');
    expect(feed('no newline$ ')).toBe('x\n');
    expect(console.verdict).toBeUndefined();
  });

  it('leaves prompts alone when there is nothing to type', () => {
    const { console, feed } = watch();
    expect(feed('$ ')).toBe('');
    expect(console.verdict).toBeUndefined();
  });
});

describe('--until', () => {
  it('is met by the first beginning of a line that matches, whatever pieces it comes in', () => {
    for (const pieces of [['a\nwell done\n'], ['a\nwe', 'll don', 'e'], [...'a\nwell done']]) {
      const { console, feed } = watch({ until: /^well/ });
      for (const piece of pieces) feed(piece);
      expect(console.verdict).toEqual({ kind: 'until', line: 'well' });
    }
  });

  it('does not go across lines', () => {
    const { console, feed } = watch({ until: /ab/ });
    feed('a\nb\n');
    expect(console.verdict).toBeUndefined();
  });
});

describe('--fail', () => {
  it('hears the line to its end', () => {
    const { console, feed } = watch();
    feed('panic: kern');
    expect(console.verdict).toBeUndefined();
    feed('eltrap\nmore\n');
    expect(console.verdict).toEqual({ kind: 'fail', line: 'panic: kerneltrap' });
  });

  it('goes without an end that does not come', () => {
    const { console, feed } = watch();
    console.silence();
    expect(console.verdict).toBeUndefined();
    feed('panic: x');
    console.silence();
    expect(console.verdict).toEqual({ kind: 'fail', line: 'panic: x' });
  });

  it('goes before a prompt and before --until on the same line', () => {
    const { console, feed } = watch({ exec: ['a'], until: /\$/ });
    expect(feed('panic: $ \n')).toBe('');
    expect(console.verdict?.kind).toBe('fail');
  });
});

it('keeps the last lines, without carriage returns', () => {
  const { console, feed } = watch();
  feed(Array.from({ length: 20 }, (_, i) => `line ${i}\r\n`).join(''));
  expect(console.lastLines).toHaveLength(12);
  expect(console.lastLines.at(-1)).toBe('line 19');
  feed('half');
  expect(console.lastLines.at(-1)).toBe('half');
});
