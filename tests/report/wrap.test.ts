import { describe, expect, it } from 'vitest';
import { commandText, fitted, hanging, wrapped } from '../../src/report/wrap.js';

describe('wrapped text', () => {
  it('ends its lines at blanks, as late as it can', () => {
    expect(wrapped('load refs[3] → 2 by hart 1', 12)).toEqual(['load refs[3]', '→ 2 by hart', '1']);
    expect(wrapped('as it is', 8)).toEqual(['as it is']);
  });

  it('breaks inside a word only when the word is longer than a line, and loses nothing of it', () => {
    expect(wrapped('a pgMap.pageMapNum', 7)).toEqual(['a', 'pgMap.p', 'ageMapN', 'um']);
  });

  it('counts the hanging indent of the lines that go on', () => {
    expect(wrapped('aaa bbb ccc', 5, 2)).toEqual(['aaa', '  bbb', '  ccc']);
  });

  it('keeps what is a line already, empty ones too, and the blanks inside one', () => {
    expect(wrapped('a  b\n\nc', 9)).toEqual(['a  b', '', 'c']);
  });

  it('never takes a character apart that is two code units', () => {
    expect(wrapped('😀😀😀', 2)).toEqual(['😀😀', '😀']);
  });
});

describe('a labelled text', () => {
  it('goes on under its own start', () => {
    expect(hanging('  also: ', 'hart 1 reads refs without a lock', 32)).toBe(
      '  also: hart 1 reads refs\n        without a lock',
    );
  });

  it('goes on near the margin where the label takes most of the line', () => {
    expect(hanging('  by choice of the schedule: ', 'sc fails on hart 1', 40)).toBe(
      '  by choice of the schedule: sc fails on\n      hart 1',
    );
  });
});

describe('running text', () => {
  it('keeps the indent of every line, and goes on further in', () => {
    expect(fitted('one two\n  three four five', 12)).toBe('one two\n  three four\n      five');
  });
});

describe('a command', () => {
  const label = 'replay:';

  it('stays on its line where it fits', () => {
    expect(commandText(label, 'hartbreak replay f.json', 40)).toBe('replay: hartbreak replay f.json');
  });

  it('goes on behind a backslash, so that a shell still reads it as one', () => {
    const text = commandText(label, 'hartbreak replay folder/failure.json', 32);
    expect(text).toBe('replay: hartbreak replay \\\n    folder/failure.json');
    expect(text.replace(/ \\\n +/g, ' ')).toBe('replay: hartbreak replay folder/failure.json');
  });

  it('goes on nearer to the margin where only that keeps a word on the page', () => {
    expect(commandText(label, 'hartbreak replay folder/failure.json', 22)).toBe(
      'replay: hartbreak \\\n    replay \\\n   folder/failure.json',
    );
  });

  it('keeps a word whole that is wider than the page', () => {
    expect(commandText(label, 'hartbreak replay a-folder/of-failures/f.json', 20)).toBe(
      'replay: hartbreak \\\n    replay \\\na-folder/of-failures/f.json',
    );
  });
});
