import { beforeEach, describe, expect, it } from 'vitest';
import { CsrFile } from '../../src/hart/csr-file.js';
import { Exit } from '../../src/hart/engine.js';
import { carryOutSystem, SystemResult } from '../../src/hart/system.js';
import { Cause } from '../../src/isa/causes.js';
import { csrs } from '../../src/isa/csrs.js';
import { Privilege } from '../../src/isa/privilege.js';
import { Status } from '../../src/isa/status.js';
import { Guest } from '../support/guest.js';

const A0 = 10;
const A1 = 11;
const TICKS = 123456n;

let guest: Guest;

beforeEach(() => {
  guest = new Guest();
});

/** Carries out one instruction in the mode, with a1 as given; undefined when it is illegal, else a0 as unsigned. */
function execute(source: string, mode: Privilege = Privilege.Machine, a1 = 0n): bigint | undefined {
  const { hart } = guest;
  guest.load(`${source}\nebreak`);
  hart.privilege = mode;
  hart.setX(A0, 0n);
  hart.setX(A1, BigInt.asIntN(64, a1));
  expect(guest.run()).toBe(Exit.System);
  const start = hart.pc;
  const result = carryOutSystem(hart, new CsrFile(hart, () => TICKS));
  if (result === SystemResult.Trap) {
    expect(hart.cause).toBe(Cause.IllegalInstruction);
    expect(hart.trapValue).toBe(BigInt(Buffer.from(guest.program.bytes).readUInt32LE(0)));
    expect(hart.pc).toBe(start);
    return undefined;
  }
  expect(hart.pc).toBe(start + 4n);
  return BigInt.asUintN(64, hart.getX(A0));
}

/** What a write of the value leaves in the CSR. */
function written(csr: string, value: bigint, mode: Privilege = Privilege.Machine): bigint | undefined {
  execute(`csrw ${csr},a1`, mode, value);
  return execute(`csrr a0,${csr}`, mode);
}

describe('a CSR instruction', () => {
  it.each([
    ['csrrw a0,mscratch,a1', 0b0110n],
    ['csrrs a0,mscratch,a1', 0b1110n],
    ['csrrc a0,mscratch,a1', 0b1000n],
    ['csrrwi a0,mscratch,6', 0b0110n],
    ['csrrsi a0,mscratch,6', 0b1110n],
    ['csrrci a0,mscratch,6', 0b1000n],
  ])('%s returns the old value and changes it', (source, expected) => {
    guest.hart.setCsr('mscratch', 0b1100n);
    expect(execute(source, Privilege.Machine, 0b0110n)).toBe(0b1100n);
    expect(guest.hart.getCsr('mscratch')).toBe(expected);
  });

  it('may have the same register as source and destination', () => {
    guest.hart.setCsr('mscratch', 5n);
    guest.load('csrrw a1,mscratch,a1\nebreak');
    guest.hart.setX(A1, 9n);
    guest.run();
    carryOutSystem(guest.hart, new CsrFile(guest.hart, () => 0n));
    expect(guest.hart.getX(A1)).toBe(5n);
    expect(guest.hart.getCsr('mscratch')).toBe(9n);
  });

  it('counts as an instruction', () => {
    execute('csrr a0,mscratch');
    expect(guest.hart.instret).toBe(1);
  });

  it.each(Object.entries(csrs))('on %s needs the privilege that its address says', (name, { number }) => {
    const needed = (number >> 8) & 3;
    guest.hart.setCsr('mcounteren', 7n);
    guest.hart.setCsr('scounteren', 7n);
    guest.hart.setCsr('menvcfg', 1n << 63n);
    for (const mode of [Privilege.User, Privilege.Supervisor, Privilege.Machine])
      expect(execute(`csrr a0,${name}`, mode) !== undefined, `mode ${mode}`).toBe(mode >= needed);
  });

  it.each(['cycle', 'time', 'instret', 'mhartid', 'mvendorid'])('that writes the read-only %s is illegal', (csr) => {
    expect(execute(`csrw ${csr},a1`)).toBe(undefined);
    expect(execute(`csrrs a0,${csr},zero`)).not.toBe(undefined);
  });

  it('on an address where there is no CSR is illegal', () => {
    expect(execute('csrr a0,0x7c0')).toBe(undefined);
    expect(execute('csrw 0x7c0,a1')).toBe(undefined);
  });
});

describe('counters', () => {
  it('show the instructions before the one that reads, and the clock', () => {
    guest.load('nop\nnop\ncsrr a0,instret\ncsrr a1,cycle\ncsrr a2,time\nebreak');
    guest.runPrivileged(() => TICKS);
    expect([10, 11, 12].map((x) => guest.hart.getX(x))).toEqual([2n, 3n, TICKS]);
  });

  it.each([
    ['cycle', 1n],
    ['time', 2n],
    ['instret', 4n],
  ])('like %s are open to each mode as the enables above it say', (csr, bit) => {
    const read = (mode: Privilege, machine: bigint, supervisor: bigint): boolean => {
      guest.hart.setCsr('mcounteren', machine);
      guest.hart.setCsr('scounteren', supervisor);
      return execute(`csrr a0,${csr}`, mode) !== undefined;
    };
    expect(read(Privilege.Machine, 0n, 0n)).toBe(true);
    expect(read(Privilege.Supervisor, bit, 0n)).toBe(true);
    expect(read(Privilege.Supervisor, 7n ^ bit, 7n)).toBe(false);
    expect(read(Privilege.User, bit, bit)).toBe(true);
    expect(read(Privilege.User, 7n, 7n ^ bit)).toBe(false);
    expect(read(Privilege.User, 7n ^ bit, 7n)).toBe(false);
  });
});

describe('a write keeps what is legal:', () => {
  const ones = -1n;
  it.each([
    ['mscratch', ones, BigInt.asUintN(64, ones)],
    ['mepc', ones, BigInt.asUintN(64, -2n)],
    ['sepc', 3n, 2n],
    ['mtvec', 0x8000_0003n, 0x8000_0001n],
    ['stvec', 0x8000_0002n, 0x8000_0000n],
    ['medeleg', ones, 0xb3ffn],
    ['mideleg', ones, 0x222n],
    ['mie', ones, 0xaaan],
    ['mip', ones, 0x222n],
    ['mcounteren', ones, 7n],
    ['menvcfg', ones, (1n << 63n) | 1n],
    ['senvcfg', ones, 1n],
    ['stimecmp', ones, BigInt.asUintN(64, ones)],
    ['pmpaddr0', ones, 0n],
    ['pmpcfg14', ones, 0n],
    ['mcountinhibit', ones, 0n],
    ['tselect', ones, 0n],
    ['mhpmcounter31', ones, 0n],
    ['mhpmevent3', ones, 0n],
  ])('%s of %i is %i', (csr, value, expected) => {
    expect(written(csr, value)).toBe(expected);
  });

  it('misa says RV64 with A, C, I, M, S and U, whatever is written', () => {
    expect(written('misa', 0n)).toBe((2n << 62n) | 0x14_1105n);
  });

  it('mstatus has 64-bit modes and no fields of extensions that are not there', () => {
    const writable =
      Status.SIE |
      Status.MIE |
      Status.SPIE |
      Status.MPIE |
      Status.SPP |
      Status.MPP |
      Status.MPRV |
      Status.SUM |
      Status.MXR |
      Status.TVM |
      Status.TW |
      Status.TSR;
    expect(written('mstatus', -1n)).toBe(writable | (10n << 32n));
    expect(written('mstatus', 0n)).toBe(10n << 32n);
  });

  it('mstatus.MPP never holds the mode that does not exist', () => {
    written('mstatus', Status.MPP);
    expect((written('mstatus', 2n << 11n) ?? 0n) & Status.MPP).toBe(Status.MPP);
  });

  it('satp stays as it is when the mode is not bare or Sv39', () => {
    const sv39 = (8n << 60n) | (0xabcn << 44n) | 0x80123n;
    expect(written('satp', sv39)).toBe(sv39);
    expect(written('satp', 9n << 60n)).toBe(sv39);
    expect(written('satp', 0n)).toBe(0n);
  });
});

describe('counters of machine mode', () => {
  it.each(['mcycle', 'minstret'])(
    '%s counts on from what was written, not counting the instruction that wrote it',
    (csr) => {
      guest.load(`csrw ${csr},a1\ncsrr a0,${csr}\nnop\ncsrr a2,${csr.slice(1)}\nebreak`);
      guest.hart.setX(A1, 1000n);
      guest.runPrivileged();
      expect([guest.hart.getX(A0), guest.hart.getX(12)]).toEqual([1000n, 1002n]);
    },
  );

  it('that count nothing are closed to other modes', () => {
    expect(execute('csrr a0,hpmcounter3')).toBe(0n);
    guest.hart.setCsr('mcounteren', 7n);
    expect(execute('csrr a0,hpmcounter3', Privilege.Supervisor)).toBe(undefined);
  });

  it('of PMP have even configuration registers only', () => {
    expect(execute('csrr a0,0x3a1')).toBe(undefined);
    expect(execute('csrr a0,pmpcfg2')).toBe(0n);
    expect(execute('csrr a0,pmpaddr63', Privilege.Supervisor)).toBe(undefined);
  });
});

describe('mip.SEIP', () => {
  const SEIP = 0x200n;

  it('is what was written or what the interrupt controller says', () => {
    expect(written('mip', SEIP)).toBe(SEIP);
    guest.hart.setPending(0x200);
    expect(written('mip', 0n)).toBe(SEIP);
    guest.hart.clearPending(0x200);
    expect(execute('csrr a0,mip')).toBe(0n);
  });

  it('as the interrupt controller says it is not written back by an instruction that sets another bit', () => {
    guest.hart.setPending(0x200);
    expect(execute('csrrsi a0,mip,2')).toBe(SEIP);
    guest.hart.clearPending(0x200);
    expect(execute('csrr a0,mip')).toBe(2n);
  });
});

describe('a view', () => {
  it('sstatus shows and changes its fields of mstatus alone', () => {
    written('mstatus', -1n);
    expect(execute('csrr a0,sstatus', Privilege.Supervisor)).toBe(
      Status.SIE | Status.SPIE | Status.SPP | Status.SUM | Status.MXR | (2n << 32n),
    );
    written('sstatus', 0n, Privilege.Supervisor);
    expect(guest.hart.getCsr('mstatus') & (Status.MIE | Status.MPP)).toBe(Status.MIE | Status.MPP);
    expect(guest.hart.getCsr('mstatus') & Status.SUM).toBe(0n);
  });

  it('sie and sip are the delegated interrupts of mie and mip', () => {
    written('mideleg', 0x022n);
    written('mie', 0xaaan);
    guest.hart.setPending(0x222);
    expect(execute('csrr a0,sie', Privilege.Supervisor)).toBe(0x022n);
    expect(execute('csrr a0,sip', Privilege.Supervisor)).toBe(0x022n);
    written('sie', 0n, Privilege.Supervisor);
    expect(execute('csrr a0,mie')).toBe(0xa88n);
    written('sip', 0n, Privilege.Supervisor);
    expect(execute('csrr a0,mip')).toBe(0x220n);
  });
});

describe('privileged instructions', () => {
  it.each([
    ['mret', [Privilege.Machine]],
    ['sret', [Privilege.Supervisor, Privilege.Machine]],
    ['wfi', [Privilege.Supervisor, Privilege.Machine]],
    ['sfence.vma', [Privilege.Supervisor, Privilege.Machine]],
  ])('%s is for modes %s', (source, modes) => {
    for (const mode of [Privilege.User, Privilege.Supervisor, Privilege.Machine]) {
      guest.load(source);
      guest.hart.privilege = mode;
      guest.run();
      const result = carryOutSystem(guest.hart, new CsrFile(guest.hart, () => 0n));
      expect(result !== SystemResult.Trap, `mode ${mode}`).toBe(modes.some((allowed) => allowed === mode));
    }
  });

  it.each([
    ['sret', Status.TSR],
    ['wfi', Status.TW],
    ['sfence.vma', Status.TVM],
    ['csrr a0,satp', Status.TVM],
  ])('%s is kept from a supervisor by its bit of mstatus', (source, bit) => {
    guest.hart.setCsr('mstatus', bit);
    expect(execute(source, Privilege.Supervisor)).toBe(undefined);
  });

  it('wfi lets the hart wait, behind itself', () => {
    guest.load('wfi');
    guest.run();
    expect(carryOutSystem(guest.hart, new CsrFile(guest.hart, () => 0n))).toBe(SystemResult.Wait);
    expect(guest.hart.pc).toBe(0x8000_0004n);
  });
});
