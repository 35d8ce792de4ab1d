import { describe, expect, it } from 'vitest';
import { type Engine, Exit } from '../../src/hart/engine.js';
import { Hart } from '../../src/hart/hart.js';
import { runHart, type Timing } from '../../src/hart/run-loop.js';
import { requestStop } from '../../src/hart/stop-request.js';
import { Next, type TrapHandler } from '../../src/hart/trap-handler.js';
import { MachineAborted } from '../../src/memory/access.js';
import { controlBlock, hartBlock, StopRequest } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

const SLICE = 1000;
const TRAPS = 5;
const QUANTUM = 10;

/** What a test's engine does at each of its calls. */
type Step = (hart: Hart) => Exit;

/** One hart of a machine whose engine follows a script and whose supervisor writes down what it is told. */
function scripted(options: {
  steps?: Step[];
  start?: Next;
  answers?: Partial<TrapHandler>;
  id?: number;
  harts?: number;
}) {
  const { steps = [], start = Next.Run, answers = {}, id = 0, harts = 1 } = options;
  const memory = SharedMemory.create({ harts, memory: 2 });
  const told: string[] = [];
  let time = 0;
  const engine: Engine = {
    run: () => {
      const step = steps.shift();
      if (step === undefined) throw new Error('the script is at its end');
      return step(hart);
    },
    flushTlb: () => {},
    flushCode: () => {},
  };
  const hart = new Hart(id, memory, engine);
  const handler: TrapHandler = {
    start: () => start,
    trap: () => Next.Halt,
    interrupt: () => Next.Halt,
    ...answers,
  };
  const noted: TrapHandler = {
    start: (h) => {
      told.push('start');
      return handler.start(h);
    },
    trap: (h, cause) => {
      told.push(`trap ${cause}`);
      return handler.trap(h, cause);
    },
    interrupt: (h) => {
      told.push('interrupt');
      return handler.interrupt(h);
    },
  };
  const timing: Timing = { now: () => time, quantum: QUANTUM, slice: SLICE, traps: TRAPS, idle: 1 };
  return {
    memory,
    hart,
    told,
    run: () => runHart(hart, noted, timing),
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    request: () => controlBlock.fields.stop.load(memory.host, memory.map.control),
    up: () => controlBlock.fields.up.load(memory.host, memory.map.control),
  };
}

const ecall: Step = (hart) => {
  hart.setTrap(8, 0n);
  return Exit.Trap;
};

describe('a hart', () => {
  it('tells its supervisor the cause of a trap, and asks every hart to stop when the machine halts', () => {
    const { run, told, request, up } = scripted({ steps: [ecall] });
    run();
    expect(told).toEqual(['start', 'trap 8']);
    expect(request()).toBe(StopRequest.Stop);
    expect(up()).toBe(1);
  });

  it('gets a full slice again whenever its budget has run out, and no interrupt before the quantum is over', () => {
    const budgets: number[] = [];
    const spend: Step = (hart) => {
      budgets.push(hart.budget);
      hart.budget = 0;
      return Exit.Budget;
    };
    const late: Step = (hart) => {
      machine.pass(QUANTUM);
      return spend(hart);
    };
    const machine = scripted({ steps: [spend, spend, late] });
    machine.run();
    expect(budgets).toEqual([SLICE, SLICE, SLICE]);
    expect(machine.told).toEqual(['start', 'interrupt']);
  });

  it('is interrupted when the quantum is over even if its program does nothing but call the supervisor', () => {
    // As an engine does: with its budget used up it comes back before the next instruction.
    const call: Step = (hart) => (hart.budget > 0 ? ecall(hart) : Exit.Budget);
    const machine = scripted({
      steps: Array.from({ length: 2 * (TRAPS + 1) }, () => call),
      answers: {
        trap: () => {
          machine.pass(QUANTUM / TRAPS / 2);
          return Next.Run;
        },
      },
    });
    machine.run();
    const calls = Array.from({ length: 2 * TRAPS }, () => 'trap 8');
    expect(machine.told).toEqual(['start', ...calls, 'interrupt']);
  });

  it('that is idle parks, counts it, and asks its supervisor when it wakes', () => {
    const { run, told, memory, hart } = scripted({ start: Next.Idle });
    run();
    expect(told).toEqual(['start', 'interrupt']);
    expect(hartBlock.fields.parks.load(memory.host, hart.map.block)).toBe(1);
  });

  it('stops at the end of its slice when it is asked to', () => {
    const machine = scripted({
      steps: [
        () => {
          requestStop(machine.memory, StopRequest.Stop);
          return Exit.Budget;
        },
      ],
    });
    machine.run();
    expect(machine.told).toEqual(['start']);
  });

  it('carries out what the supervisor began before it stops', () => {
    const machine = scripted({
      steps: [ecall],
      answers: {
        trap: () => {
          requestStop(machine.memory, StopRequest.Stop);
          return Next.Run;
        },
      },
    });
    machine.run();
    expect(machine.told).toEqual(['start', 'trap 8']);
  });

  it('does not start at all when the machine is stopped before it has booted', () => {
    for (const id of [0, 1]) {
      const { run, told, memory, up } = scripted({ id, harts: 2 });
      requestStop(memory, StopRequest.Stop);
      run();
      expect(told).toEqual([]);
      expect(up()).toBe(0);
    }
  });

  it('does not wait for harts that will never come up when the machine is aborted', () => {
    const { run, told, memory } = scripted({ harts: 2, answers: { start: () => abort(memory) } });
    run();
    expect(told).toEqual(['start']);
  });

  it('that waits for a boot which fails gives up', () => {
    const { run, told, memory } = scripted({ id: 1, harts: 2 });
    const { host, map } = memory;
    // The request comes while it is parked: a parked hart looks by itself.
    host.park = () => {
      controlBlock.fields.stop.store(host, map.control, StopRequest.Abort);
      throw new MachineAborted();
    };
    expect(run).toThrow(MachineAborted);
    expect(told).toEqual([]);
  });

  it('lets through what its supervisor throws', () => {
    const { run } = scripted({
      steps: [ecall],
      answers: {
        trap: () => {
          throw new Error('panic: a test');
        },
      },
    });
    expect(run).toThrow('panic: a test');
  });
});

function abort(memory: SharedMemory): Next {
  requestStop(memory, StopRequest.Abort);
  return Next.Run;
}
