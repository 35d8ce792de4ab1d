import { describe, expect, it } from 'vitest';
import { Cause, causeName } from '../../src/isa/causes.js';
import { csrIsReadOnly, csrName, csrNumber, csrPrivilege, csrs, MISA } from '../../src/isa/csrs.js';
import { fenceSetBits, fenceSetText } from '../../src/isa/ordering.js';
import { Privilege } from '../../src/isa/privilege.js';
import { registerName, registerNumber } from '../../src/isa/registers.js';
import {
  insertStatus,
  MSTATUS_RESET,
  MSTATUS_WRITABLE,
  SSTATUS_VISIBLE,
  SSTATUS_WRITABLE,
  Status,
  statusField,
} from '../../src/isa/status.js';

describe('CSRs', () => {
  it('give each CSR a number and a slot of its own', () => {
    const all = Object.values(csrs);
    expect(new Set(all.map(({ number }) => number)).size).toBe(all.length);
    expect(all.map(({ slot }) => slot)).toEqual(all.map((_, index) => index));
    for (const [name, { number }] of Object.entries(csrs)) {
      expect(csrName(number)).toBe(name);
      expect(csrNumber(name)).toBe(number);
    }
    expect(csrNumber('toString')).toBeUndefined();
  });

  it('say by their number who may access them and whether they can be written', () => {
    expect(csrPrivilege(csrs.satp.number)).toBe(Privilege.Supervisor);
    expect(csrPrivilege(csrs.mstatus.number)).toBe(Privilege.Machine);
    expect(csrPrivilege(csrs.cycle.number)).toBe(Privilege.User);
    expect(csrIsReadOnly(csrs.cycle.number)).toBe(true);
    expect(csrIsReadOnly(csrs.mhartid.number)).toBe(true);
    expect(csrIsReadOnly(csrs.mstatus.number)).toBe(false);
  });

  it('report RV64 with A, C, I, M, S and U in misa', () => {
    expect(MISA).toBe(0x8000_0000_0014_1105n);
  });

  it('show in sstatus no field of machine mode', () => {
    expect(SSTATUS_VISIBLE).toBe(0x3_000c_6122n);
    expect(SSTATUS_WRITABLE).toBe(0xc_0122n);
    expect(MSTATUS_WRITABLE).toBe(0x7e_19aan);
    expect(MSTATUS_RESET).toBe(0xa_0000_0000n);
  });

  it('read back a field that was inserted, and leave the others alone', () => {
    const status = insertStatus('MPP', ~0n & 0xffffn, BigInt(Privilege.Supervisor));
    expect(statusField(status, 'MPP')).toBe(Privilege.Supervisor);
    expect(status & ~Status.MPP).toBe(0xffffn & ~Status.MPP);
  });
});

describe('names', () => {
  it('give each register its ABI name and back', () => {
    for (let number = 0; number < 32; number++) {
      expect(registerNumber(registerName(number))).toBe(number);
      expect(registerNumber(`x${number}`)).toBe(number);
    }
    expect([registerNumber('fp'), registerNumber('a0'), registerNumber('t6'), registerNumber('s11')]).toEqual([
      8, 10, 31, 27,
    ]);
    expect(registerNumber('x32')).toBeUndefined();
    expect(() => registerName(32)).toThrow('x32');
  });

  it('give each exception the words of the manual', () => {
    expect(causeName(Cause.StorePageFault)).toBe('store/AMO page fault');
    expect(causeName(14)).toBe('reserved exception 14');
  });

  it('give each fence set its letters and back', () => {
    for (let bits = 0; bits < 16; bits++) expect(fenceSetBits(fenceSetText(bits))).toBe(bits);
    expect(fenceSetBits('wr')).toBeUndefined();
    expect(fenceSetBits('rr')).toBeUndefined();
  });
});
