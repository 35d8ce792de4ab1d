import { describe, expect, it } from 'vitest';
import { CsrFile } from '../../src/hart/csr-file.js';
import { Exit } from '../../src/hart/engine.js';
import { carryOutSystem, SystemResult } from '../../src/hart/system.js';
import { csrs } from '../../src/isa/csrs.js';
import { Privilege } from '../../src/isa/privilege.js';
import { MSTATUS_WRITABLE, Status } from '../../src/isa/status.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import { Guest } from '../support/guest.js';

const NAMES = [
  'sstatus',
  'sscratch',
  'sepc',
  'scause',
  'stval',
  'sie',
  'sip',
  'satp',
  'stvec',
  'mscratch',
  'mstatus',
] as const;
const FORMS = ['csrrw', 'csrrs', 'csrrc', 'csrrwi', 'csrrsi', 'csrrci'] as const;
const REGISTERS = ['zero', 'a0', 'a1'] as const;
const TIMES = 300;
const random = new RandomNumbers(1, 0);
const oneOf = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
const word = () => BigInt(random.below(2 ** 32)) * 2n ** 32n + BigInt(random.below(2 ** 32));

interface State {
  readonly source: string;
  readonly mode: Privilege;
  readonly values: readonly bigint[];
  readonly pending: number;
  readonly external: boolean;
}

function randomState(): State {
  const form = oneOf(FORMS);
  const operand = form.endsWith('i') ? String(random.below(32)) : oneOf(REGISTERS);
  return {
    source: `${form} ${oneOf(REGISTERS)}, ${oneOf(NAMES)}, ${operand}`,
    mode: oneOf([Privilege.Supervisor, Privilege.Supervisor, Privilege.Machine, Privilege.User]),
    values: Array.from({ length: 16 }, word),
    pending: random.below(2) === 0 ? 0 : random.below(0x1000) & 0xaaa,
    external: random.below(8) === 0,
  };
}

/** The one instruction, on a machine with devices or without: whether the engine did it itself, and what it came to. */
function carryOut({ source, mode, values, pending, external }: State, devices: boolean) {
  const guest = new Guest(1, { name: 'interpreter' }, devices ? { devices: 8 } : {});
  const { hart } = guest;
  const [status = 0n, mie = 0n, mideleg = 0n, a0 = 0n, a1 = 0n, ...rest] = values;
  hart.setCsr('mstatus', status & MSTATUS_WRITABLE & ~(1n << 17n) & ~(3n << 11n));
  hart.setCsr('mie', mie & 0xaaan);
  hart.setCsr('mideleg', mideleg & 0x222n);
  for (const [i, name] of (['sscratch', 'sepc', 'scause', 'stval', 'stvec', 'mscratch'] as const).entries())
    hart.setCsr(name, rest[i]! & ~3n);
  hart.setPending(pending);
  hart.externalByWrite = external;
  guest.load(`${source}\nebreak`);
  hart.privilege = mode;
  hart.setX(10, BigInt.asIntN(64, a0));
  hart.setX(11, BigInt.asIntN(64, a1));
  const exit = guest.run();
  const byItself = exit === Exit.Trap;
  const trapped = !byItself && carryOutSystem(hart, new CsrFile(hart, () => 0n)) === SystemResult.Trap;
  const stored = Object.keys(csrs).map((name) => hart.getCsr(name as keyof typeof csrs));
  return {
    byItself,
    after: {
      trapped,
      pc: hart.pc,
      instret: hart.instret,
      x: [10, 11].map((i) => hart.getX(i)),
      stored,
      pending: hart.pending,
    },
  };
}

describe('a CSR instruction that the engine carries out itself', () => {
  it('comes to what the CSR file makes of it, for random instructions and registers', () => {
    let times = 0;
    for (let i = 0; i < TIMES; i++) {
      const state = randomState();
      const there = carryOut(state, true);
      const here = carryOut(state, false);
      expect(here.byItself).toBe(false);
      expect(there.after, `${state.source} in mode ${state.mode}`).toEqual(here.after);
      if (there.byItself) times++;
    }
    expect(times).toBeGreaterThan(TIMES / 10);
  });

  it('is not one by which translations change', () => {
    const set = (bits: bigint) => {
      const values = [0n, 0n, 0n, 0n, bits, ...Array<bigint>(11).fill(0n)];
      return carryOut(
        { source: 'csrrs a0, sstatus, a1', mode: Privilege.Supervisor, values, pending: 0, external: false },
        true,
      );
    };
    expect([Status.SIE, Status.SPP, Status.SUM, Status.MXR].map((bits) => set(bits).byItself)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  const set = (pending: number, external: boolean, mie: bigint) =>
    carryOut(
      {
        source: 'csrrsi a0, sstatus, 2',
        mode: Privilege.Supervisor,
        values: [0n, mie, 0x222n, ...Array<bigint>(13).fill(0n)],
        pending,
        external,
      },
      true,
    );

  it('is not one by which an interrupt comes that is waiting', () => {
    expect(set(0, false, 0x222n).byItself).toBe(true);
    expect(set(0x20, false, 0x2n).byItself).toBe(true);
    expect(set(0x20, false, 0x22n).byItself).toBe(false);
    expect(set(0, true, 0x200n).byItself).toBe(false);
  });
});
