import { describe, expect, it } from 'vitest';
import { textTable } from '../../src/report/table.js';

const words = (page?: number) =>
  textTable(
    ['bug', 'designs', ''],
    [['unlocked-count', 'page-map-lock, core-map', 'two harts lose an increment or a decrement']],
    'left',
    [],
    page,
  ).split('\n');

describe('a table', () => {
  it('sets figures flush right, below the group that they belong to', () => {
    expect(textTable(['lock', 'spins', 'held'], [['kmem', '7', '12']], 'right', ['', 'all', '']).split('\n')).toEqual([
      '        all',
      'lock  spins  held',
      '----  -----  ----',
      'kmem      7    12',
    ]);
  });

  it('of words has one line for each row where there is no page', () => {
    expect(words().slice(2)).toEqual([
      'unlocked-count  page-map-lock, core-map  two harts lose an increment or a decrement',
    ]);
  });

  it('wraps its last column in the room that is left', () => {
    expect(words(68).slice(2)).toEqual([
      'unlocked-count  page-map-lock, core-map  two harts lose an increment',
      '                                         or a decrement',
    ]);
  });

  it('sets what has no room beneath the row, behind its head', () => {
    expect(words(48)).toEqual([
      'bug             designs',
      '--------------  -----------------------',
      'unlocked-count  page-map-lock, core-map',
      '    two harts lose an increment or a decrement',
    ]);
    expect(words(38).slice(2)).toEqual([
      'unlocked-count',
      '    designs: page-map-lock, core-map',
      '    two harts lose an increment or a',
      '        decrement',
    ]);
  });
});
