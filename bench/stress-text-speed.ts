import { Kernel } from '../kernel/main.js';
import type { Engine } from '../src/hart/engine.js';
import { Hart } from '../src/hart/hart.js';
import { REAL_TIME, runHart } from '../src/hart/run-loop.js';
import { compileInterpreter } from '../src/interpreter/compile-interpreter.js';
import { hartParts } from '../src/machine/hart-parts.js';
import { SharedMemory } from '../src/memory/shared-memory.js';
import { spread } from '../src/report/spread.js';
import type { Table } from './table.js';

const MEMORY = 16;
/** Arguments of forkwrite: workers, rounds, pages. */
const ARGV = ['forkwrite', '8', '400', '16'];

/** How fast is tier 0 on the stress program's own text, which leaves for the kernel every few hundred instructions? */
export function stressTextSpeed(runs: number): Table {
  return {
    title: "Speed of the interpreter on the stress program's own text",
    note:
      'One hart of `stress` on one thread, with time taken whenever it enters and leaves guest code: median ' +
      `(least–most) of ${runs} runs. The rest of the time is the kernel's.`,
    command: 'npm run bench',
    heads: ['MIPS in guest code, entering and leaving it included', 'time in guest code, %', 'instructions per visit'],
    rows: rows(runs),
  };
}

async function* rows(runs: number): AsyncGenerator<readonly string[]> {
  const all = Array.from({ length: runs }, stressOnce);
  yield [
    spread(all.map(({ mips }) => mips)),
    spread(all.map(({ share }) => share * 100)),
    spread(all.map(({ perVisit }) => perVisit)),
  ];
}

/** A whole machine with one hart on this thread, whose engine is timed. */
function stressOnce(): { mips: number; share: number; perVisit: number } {
  const memory = SharedMemory.create({ harts: 1, memory: MEMORY });
  const { engine, doorbells, programs } = hartParts(memory, compileInterpreter());
  const inner = engine(memory, memory.map.harts[0]!);
  let inside = 0;
  let visits = 0;
  const timed: Engine = {
    run() {
      const start = performance.now();
      const exit = inner.run();
      inside += performance.now() - start;
      visits++;
      return exit;
    },
    flushTlb: (address) => inner.flushTlb(address),
    flushCode: () => inner.flushCode(),
  };
  const hart = new Hart(0, memory, timed);
  const config = { design: 'page-map-lock', form: 'sound', bug: null, processes: 64 } as const;
  const [mem, program] = [memory.ram, programs(ARGV[0]!)];
  const console = { write: () => {} };
  const kernel = new Kernel({ hart, mem, config, doorbells, console, now: REAL_TIME.now, program, argv: ARGV });
  const start = performance.now();
  runHart(hart, kernel, REAL_TIME);
  const whole = performance.now() - start;
  return { mips: hart.instret / inside / 1000, share: inside / whole, perVisit: hart.instret / visits };
}
