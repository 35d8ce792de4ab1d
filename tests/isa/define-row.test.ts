import { describe, expect, it } from 'vitest';
import { compressedRow, rowsOf } from '../../src/isa/define-row.js';

const row = rowsOf('I');
const nothing = () => undefined;

describe('a row is refused when it is constructed and', () => {
  it('its match has operand bits', () => {
    expect(() => row('bad', 'R', 0x80 | 0x33, ['rd'], nothing)).toThrow('bad: the match has bits where format R');
  });

  it('its low bits say another length than its format', () => {
    expect(() => row('bad', 'R', 0x32, ['rd'], nothing)).toThrow('another length');
    expect(() => compressedRow('c.bad', 'CR', 0x9003, ['rd'], 'add')).toThrow('another length');
  });

  it('its syntax shows an operand that it does not encode', () => {
    expect(() => row('bad', 'U', 0x37, ['rd', 'rs1'], nothing)).toThrow('bad: the syntax shows rs1');
    expect(() => row('bad', 'R', 0x33, ['rd', 'imm'], nothing)).toThrow('bad: the syntax shows imm');
  });

  it('it is compressed but gives a meaning, or the other way round', () => {
    expect(() => row('c.bad', 'CR', 0x9002, ['rd'], nothing)).toThrow('say which row it expands to');
    expect(() => compressedRow('bad', 'R', 0x33, ['rd'], 'add')).toThrow('not compressed');
  });

  it('it has a condition on an operand that it does not encode', () => {
    expect(() => compressedRow('c.bad', 'CR', 0x9002, ['rd'], 'add', [{ operand: 'imm', not: 0 }])).toThrow(
      'condition on imm',
    );
  });
});
