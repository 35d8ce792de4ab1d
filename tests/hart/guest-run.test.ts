import { beforeEach, describe, expect, it } from 'vitest';
import type { Doorbells } from '../../src/hart/doorbells.js';
import { GuestRun, type GuestTiming, resetHart } from '../../src/hart/guest-run.js';
import { requestStop } from '../../src/hart/stop-request.js';
import { Cause, Interrupt } from '../../src/isa/causes.js';
import { Privilege } from '../../src/isa/privilege.js';
import { KERNBASE, StopRequest } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';
import { OneRegister, REGISTER } from '../support/guest-board.js';

const TIMING: GuestTiming = { slice: 100, exit: 1, stint: 3, idle: 1, ticks: 1000 };
/** A program that has not come to its end by then never will. */
const MOST_LOOKS = 10_000;
/** A test's program is done when it has stored to it. */
const DONE = 0x10_0000;
const [A0, A1, A2, A3] = [10, 11, 12, 13];

let guest: Guest;
let board: OneRegister;
const idled: string[] = [];
const doorbells: Doorbells = {
  markIdle: () => idled.push('idle'),
  clearIdle: () => idled.push('busy'),
  ringIdle: () => {},
};

beforeEach(() => {
  guest = new Guest(1, undefined, { devices: 8 });
  board = new OneRegister();
  idled.length = 0;
});

/** Runs the program from reset until it stores to `DONE`. */
function run(source: string): void {
  guest.load(`${source}\ndone: li t6, ${DONE}\nsw zero, 0(t6)\nnever: j never`);
  const { hart, memory } = guest;
  resetHart(hart, { entry: KERNBASE, deviceTree: 0x8123_4000 });
  const store = board.store.bind(board);
  board.store = (address, size, value) => {
    if (address !== DONE) return store(address, size, value);
    requestStop(memory, StopRequest.Stop);
    return true;
  };
  let looks = 0;
  const update = board.update.bind(board);
  board.update = (h) => {
    update(h);
    if (++looks === MOST_LOOKS)
      throw new Error(`the program has not come to its end; it is at 0x${hart.pc.toString(16)}`);
  };
  new GuestRun(hart, board, doorbells, TIMING).run();
}

const x = (index: number) => BigInt.asUintN(64, guest.hart.getX(index));
/** The vector of machine mode: keeps mcause, mepc and mtval in a1, a2 and a3, and is done. */
const MACHINE_VECTOR = `
  la t0, machine
  csrw mtvec, t0
  j begin
  .balign 4
machine:
  csrr a1, mcause
  csrr a2, mepc
  csrr a3, mtval
  j done
begin:`;

describe('a hart out of reset', () => {
  it('is in machine mode at the entry, and knows its number and the device tree', () => {
    run('csrr a2, mstatus');
    expect(guest.hart.privilege).toBe(Privilege.Machine);
    expect([x(A0), x(A1)]).toEqual([0n, 0x8123_4000n]);
  });
});

describe('what is outside RAM', () => {
  it('is loaded and stored by the board, in every size, and signs are extended', () => {
    run(`
      li t0, ${REGISTER}
      li t1, -2
      sb t1, 0(t0)
      lb a1, 0(t0)
      lbu a2, 0(t0)
      sd t1, 0(t0)
      ld a3, 0(t0)
      lw a4, 0(t0)
      lhu a5, 0(t0)`);
    expect([A1, A2, A3, 14, 15].map(x)).toEqual([2n ** 64n - 2n, 0xfen, 2n ** 64n - 2n, 2n ** 64n - 2n, 0xfffen]);
    expect(board.accesses.slice(0, 3)).toEqual(['store 1 0xfe', 'load 1', 'load 1']);
  });

  it('is accessed once, however little is left of the slice', () => {
    run(`
      li t0, ${REGISTER}
      li t1, 300
    again:
      lw a1, 0(t0)
      addi t1, t1, -1
      bnez t1, again`);
    expect(board.accesses).toHaveLength(300);
  });

  it.each([
    ['a load where nothing answers', 'lw a0, 8(t0)', Cause.LoadAccessFault, 8],
    ['a store where nothing answers', 'sw a0, 8(t0)', Cause.StoreAccessFault, 8],
    ['an atomic', 'amoswap.w a0, a1, (t0)', Cause.StoreAccessFault, 0],
    ['a load-reserved', 'lr.w a0, (t0)', Cause.LoadAccessFault, 0],
    ['a load that is not aligned', 'lw a0, 1(t0)', Cause.LoadAccessFault, 1],
    ['a store that is not aligned', 'sd a0, 4(t0)', Cause.StoreAccessFault, 4],
    ['a fetch', 'jr t0', Cause.InstructionAccessFault, 0],
  ])('%s is an access fault', (_, instruction, cause, offset) => {
    run(`${MACHINE_VECTOR}\nli t0, ${REGISTER}\n${instruction}`);
    expect([x(A1), x(A3)]).toEqual([BigInt(cause), BigInt(REGISTER + offset)]);
  });

  it('is beyond RAM and beyond 2^32 a fault at once', () => {
    for (const address of ['0x80800000', '0x100000000', '0x1010000000']) {
      run(`${MACHINE_VECTOR}\nli t0, ${address}\nlw a0, 0(t0)`);
      expect([x(A1), x(A3)]).toEqual([BigInt(Cause.LoadAccessFault), BigInt(address)]);
      guest = new Guest(1, undefined, { devices: 8 });
    }
    expect(board.accesses).toEqual([]);
  });
});

/** Goes from machine mode to `mode` at the label `there`, with these registers of machine mode. */
const enter = (mode: Privilege, csrs: Record<string, bigint | string> = {}) => `
${Object.entries(csrs)
  .map(([csr, value]) => `${typeof value === 'string' ? `la t0, ${value}` : `li t0, ${value}`}\ncsrw ${csr}, t0`)
  .join('\n')}
  la t0, there
  csrw mepc, t0
  li t0, 0x1800
  csrc mstatus, t0
  li t0, ${mode << 11}
  csrs mstatus, t0
  mret
there:`;

const SUPERVISOR_VECTOR = `
  j begun
  .balign 4
supervisor:
  csrr s1, scause
  csrr s2, sepc
  csrr s3, sstatus
  j done
begun:`;
const [S1, S2, S3] = [9, 18, 19];

describe('exceptions', () => {
  it.each([
    ['user', Privilege.User, Cause.UserEcall],
    ['supervisor', Privilege.Supervisor, Cause.SupervisorEcall],
  ])('of a %s go to machine mode', (_, mode, cause) => {
    run(`${MACHINE_VECTOR}${enter(mode)}\necall`);
    expect([x(A1), x(A2)]).toEqual([BigInt(cause), guest.at('there')]);
    expect(guest.hart.privilege).toBe(Privilege.Machine);
  });

  it('that are delegated go to the supervisor, which sees from where', () => {
    run(
      `${MACHINE_VECTOR}${SUPERVISOR_VECTOR}${enter(Privilege.User, { stvec: 'supervisor', medeleg: 1n << 8n })}\necall`,
    );
    expect([x(S1), x(S2), (x(S3) >> 8n) & 1n]).toEqual([8n, guest.at('there'), 0n]);
    expect(guest.hart.privilege).toBe(Privilege.Supervisor);
  });

  it('of machine mode are never delegated', () => {
    run(`${MACHINE_VECTOR}li t0, -1\ncsrw medeleg, t0\n.word 0`);
    expect(x(A1)).toBe(BigInt(Cause.IllegalInstruction));
  });
});

const ALL_SUPERVISOR = 0x222n;

describe('interrupts', () => {
  it('are taken in the order of their priority', () => {
    const order: bigint[] = [];
    for (const masked of [0, 11, 3, 7, 9, 1].map((_, i, all) => all.slice(1, i + 1))) {
      guest = new Guest(1, undefined, { devices: 8 });
      guest.hart.setPending(0xaaa);
      const enabled = 0xaaan & ~masked.reduce((bits, n) => bits | (1n << BigInt(n)), 0n);
      run(`${MACHINE_VECTOR}\nli t0, ${enabled}\ncsrw mie, t0\ncsrsi mstatus, 8\nnop\nj done`);
      order.push(x(A1) - 2n ** 63n);
    }
    expect(order).toEqual([11n, 3n, 7n, 9n, 1n, 5n]);
  });

  it('are taken before the instruction behind the one that enables them', () => {
    guest.hart.setPending(1 << Interrupt.MachineTimer);
    run(`${MACHINE_VECTOR}\nli t0, 0x80\ncsrw mie, t0\ncsrsi mstatus, 8\nhere: li a0, 7\nj done`);
    expect([x(A1), x(A2), x(A0)]).toEqual([2n ** 63n + 7n, guest.at('here'), 0n]);
  });

  it('of the supervisor wait while a supervisor has them off, and come when it turns them on', () => {
    guest.hart.setPending(1 << Interrupt.SupervisorSoftware);
    const csrs = { stvec: 'supervisor', mideleg: ALL_SUPERVISOR, mie: 2n };
    run(`${MACHINE_VECTOR}${SUPERVISOR_VECTOR}${enter(Privilege.Supervisor, csrs)}
      li a0, 5
      csrsi sstatus, 2
    here:
      li a0, 6
      j done`);
    expect([x(S1), x(S2), x(A0)]).toEqual([2n ** 63n + 1n, guest.at('here'), 5n]);
  });

  it('of the supervisor come in user mode whatever sstatus says, and in machine mode never', () => {
    guest.hart.setPending(1 << Interrupt.SupervisorExternal);
    const csrs = { stvec: 'supervisor', mideleg: ALL_SUPERVISOR, mie: 0x200n };
    run(`${MACHINE_VECTOR}${SUPERVISOR_VECTOR}csrsi mstatus, 8\nli a0, 5${enter(Privilege.User, csrs)}\nj done`);
    expect([x(S1), x(S2), x(A0)]).toEqual([2n ** 63n + 9n, guest.at('there'), 5n]);
  });

  it('that come while guest code runs are taken with the next look', () => {
    board.onUpdate = (hart) => hart.setPending(1 << Interrupt.MachineExternal);
    run(`${MACHINE_VECTOR}\nli t0, 0x800\ncsrw mie, t0\ncsrsi mstatus, 8\nloop: j loop`);
    expect([x(A1), x(A2)]).toEqual([2n ** 63n + 11n, guest.at('loop')]);
  });

  it('come between two accesses of a loop that polls a device', () => {
    const load = board.load.bind(board);
    board.load = (address, size) => {
      if (board.accesses.length === 2) guest.hart.setPending(1 << Interrupt.MachineExternal);
      return load(address, size);
    };
    run(
      `${MACHINE_VECTOR}\nli t0, 0x800\ncsrw mie, t0\ncsrsi mstatus, 8\nli t0, ${REGISTER}\nloop: lw a0, 0(t0)\nj loop`,
    );
    expect([x(A2), board.accesses.length]).toEqual([guest.at('loop'), 3]);
  });

  it('do not come between a device’s answer and the end of its instruction', () => {
    const load = board.load.bind(board);
    board.register = 77n;
    board.load = (address, size) => {
      guest.hart.setPending(1 << Interrupt.MachineExternal);
      return load(address, size);
    };
    run(
      `${MACHINE_VECTOR}\nli t0, 0x800\ncsrw mie, t0\ncsrsi mstatus, 8\nli t0, ${REGISTER}\nlw a0, 0(t0)\nloop: j loop`,
    );
    expect([x(A0), x(A2), board.accesses.length]).toEqual([77n, guest.at('loop'), 1]);
  });
});

describe('wfi', () => {
  it('sleeps until an interrupt is pending that mie enables, whatever mstatus says', () => {
    board.onUpdate = (hart) => {
      if (board.now > 20) hart.setPending(1 << Interrupt.MachineExternal);
      else hart.setPending(1 << Interrupt.MachineSoftware);
    };
    run('li t0, 0x800\ncsrw mie, t0\nwfi\nli a0, 5');
    expect(board.now).toBe(21);
    expect(x(A0)).toBe(5n);
    expect([idled[0], idled.at(-1)]).toEqual(['idle', 'busy']);
  });

  it('goes on at once where one is pending', () => {
    guest.hart.setPending(1 << Interrupt.MachineExternal);
    run('li t0, 0x800\ncsrw mie, t0\nwfi');
    expect(idled).toEqual(['idle', 'busy']);
  });

  it('ends when the machine is asked to stop', () => {
    board.onUpdate = () => {
      if (idled.at(-1) === 'idle') requestStop(guest.memory, StopRequest.Stop);
    };
    run('wfi\nloop: j loop');
    expect(guest.hart.pc).toBe(BigInt(KERNBASE + 4));
  });
});

describe('the supervisor’s timer', () => {
  const csrs = { stvec: 'supervisor', mideleg: ALL_SUPERVISOR, mie: 0x20n, mcounteren: 2n, menvcfg: 1n << 63n };

  it('interrupts when time has reached stimecmp, and is quiet once that is later', () => {
    run(`${MACHINE_VECTOR}${SUPERVISOR_VECTOR}li t0, -1\ncsrw stimecmp, t0${enter(Privilege.Supervisor, csrs)}
      csrr a1, sip
      csrr t0, time
      addi t0, t0, 30
      csrw stimecmp, t0
      mv a2, t0
      csrsi sstatus, 2
      wfi
      j done`);
    expect([x(A1), x(S1)]).toEqual([0n, 2n ** 63n + 5n]);
    expect(board.now).toBeGreaterThanOrEqual(Number(x(A2)));
    expect(BigInt(guest.hart.pending)).toBe(0x20n);
    run('li t0, -1\ncsrw stimecmp, t0\ncsrr a3, mip');
    expect(x(A3)).toBe(0n);
  });

  it('is not the supervisor’s without menvcfg.STCE, nor without mcounteren.TM', () => {
    for (const missing of [{ menvcfg: 0n }, { mcounteren: 0n }]) {
      guest = new Guest(1, undefined, { devices: 8 });
      run(
        `${MACHINE_VECTOR}${SUPERVISOR_VECTOR}${enter(Privilege.Supervisor, { ...csrs, ...missing })}\ncsrw stimecmp, zero`,
      );
      expect(x(A1)).toBe(BigInt(Cause.IllegalInstruction));
    }
  });

  it('leaves STIP to machine mode without menvcfg.STCE', () => {
    run('li t0, 0x20\ncsrs mip, t0\ncsrr a1, mip\ncsrc mip, t0\ncsrr a2, mip');
    expect([x(A1), x(A2)]).toEqual([0x20n, 0n]);
  });
});
