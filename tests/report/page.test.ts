import { describe, expect, it } from 'vitest';
import { listWidth, PLAIN_PAGE, pageOf } from '../../src/report/page.js';

const terminal = { isTTY: true, columns: 97 };
const isColoured = (stream: object, env: NodeJS.ProcessEnv) => pageOf(stream, env).paint('bad', 'x') !== 'x';

describe('the page', () => {
  it('of a terminal has its columns, 80 when it does not say, and never fewer than 40', () => {
    const width = (columns?: number) => pageOf({ isTTY: true, ...(columns === undefined ? {} : { columns }) }).width;
    expect([97, 0, undefined, 12].map(width)).toEqual([97, 80, 80, 40]);
  });

  it('of anything else has 120 columns, whatever it says', () => {
    expect(pageOf({})).toBe(PLAIN_PAGE);
    expect(pageOf({ isTTY: false, columns: 97 }).width).toBe(120);
  });

  it('has no end for a list that is piped', () => {
    expect([terminal, {}].map(listWidth)).toEqual([97, Number.POSITIVE_INFINITY]);
  });
});

describe('colour', () => {
  it('is for terminals', () => {
    expect(isColoured(terminal, { TERM: 'xterm' })).toBe(true);
    expect(isColoured({}, { TERM: 'xterm' })).toBe(false);
  });

  it('is off when NO_COLOR is there and not empty, and on a dumb terminal', () => {
    expect(isColoured(terminal, { NO_COLOR: '1' })).toBe(false);
    expect(isColoured(terminal, { NO_COLOR: '' })).toBe(true);
    expect(isColoured(terminal, { TERM: 'dumb' })).toBe(false);
  });

  it('ends where its text ends', () => {
    expect(pageOf(terminal, {}).paint('turn', 'switch')).toBe('\u001b[36mswitch\u001b[39m');
  });
});
