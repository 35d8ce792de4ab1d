import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/isa/assemble.js';
import { decodeCsrAccess } from '../../src/isa/csr-access.js';
import { csrs } from '../../src/isa/csrs.js';

const access = (text: string) => {
  const { bytes } = assemble(text);
  return decodeCsrAccess(Buffer.from(bytes).readInt32LE());
};

describe('decodeCsrAccess', () => {
  it('names the CSR, the operation and where the operand comes from', () => {
    expect(access('csrrw a0,satp,a1')).toEqual({
      ...{ number: csrs.satp.number, operation: 'write', source: 'register', operand: 11, rd: 10 },
      ...{ reads: true, writes: true },
    });
    expect(access('csrrci a0,sie,31')).toMatchObject({ operation: 'clear', source: 'immediate', operand: 31 });
  });

  it('does not read when csrrw keeps nothing, and always reads otherwise', () => {
    expect(access('csrw satp,a0')).toMatchObject({ reads: false, writes: true });
    expect(access('csrwi satp,0')).toMatchObject({ reads: false, writes: true });
    expect(access('csrs satp,a0')).toMatchObject({ reads: true, writes: true });
  });

  it('does not write when bits are set or cleared by x0 or by 0', () => {
    expect(access('csrr a0,cycle')).toMatchObject({ reads: true, writes: false });
    expect(access('csrrc a0,sie,zero')).toMatchObject({ writes: false });
    expect(access('csrsi sie,0')).toMatchObject({ reads: true, writes: false });
    expect(access('csrsi sie,1')).toMatchObject({ writes: true });
  });

  it('knows nothing of other instructions', () => {
    expect(access('ecall')).toBeUndefined();
  });
});
