import { expect, it } from 'vitest';
import { Privilege } from '../../src/isa/privilege.js';
import { PAGE_SIZE, Pte } from '../../src/isa/sv39.js';
import { KERNBASE } from '../../src/memory/map.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import type { EngineChoice } from '../../src/translator/engines.js';
import { fuzzing } from '../support/fuzzing.js';
import { Guest } from '../support/guest.js';
import { randomProgram } from '../support/random-program.js';

/** Most of a short program is translated then: what is jumped to a second time. */
const EAGER: EngineChoice = { name: 'translator', threshold: 2 };
const SEQUENCES = 100;
/** Runs of one program: of a new page of code, and then of what is translated. */
const RUNS = 3;

const CODE = 0x1_0000;
const DATA = 0x2_0000;
const RAM = { code: KERNBASE, data: KERNBASE + 0x1_0000 };
const CODE_PAGES = 2;
const DATA_PAGES = 3;
const [S0, S1] = [8, 9];
const USER = Pte.U | Pte.A | Pte.D;

/** In U-mode behind Sv39: two pages of code; two of data side by side, and one that has no second. */
function machine(engine: EngineChoice): Guest {
  const guest = new Guest(1, engine);
  const { hart, tables } = guest;
  for (let page = 0; page < CODE_PAGES; page++)
    tables.map(CODE + page * PAGE_SIZE, RAM.code + page * PAGE_SIZE, Pte.X | USER);
  for (let page = 0; page < DATA_PAGES; page++) {
    const gap = page === DATA_PAGES - 1 ? PAGE_SIZE : 0;
    // What goes beyond a page of data is elsewhere in RAM.
    tables.map(DATA + gap + page * PAGE_SIZE, RAM.data + (DATA_PAGES - 1 - page) * PAGE_SIZE, Pte.R | Pte.W | USER);
  }
  hart.setAddressSpace(tables.root);
  hart.privilege = Privilege.User;
  return guest;
}

/** All that a program can tell. */
function outcome(guest: Guest, start: number, s0: number): unknown {
  const { hart, memory } = guest;
  const { instret } = hart;
  for (let register = 1; register < 32; register++) hart.setX(register, BigInt(register * 0x1234_5678_9abc));
  hart.setX(S0, BigInt(s0));
  hart.setX(S1, BigInt(DATA + (DATA_PAGES + 1) * PAGE_SIZE));
  memory.ram.fill(RAM.data, 0x5a, DATA_PAGES * PAGE_SIZE);
  // Whatever is accessed first misses, in translated code too.
  hart.sfenceVma();
  hart.pc = BigInt(start);
  const exit = guest.run();
  const registers = Array.from({ length: 32 }, (_, register) => hart.getX(register));
  const data = Buffer.from(memory.ram.read(RAM.data, DATA_PAGES * PAGE_SIZE)).toString('latin1');
  return [exit, hart.pc, hart.cause, hart.trapValue, hart.instret - instret, registers, data];
}

const { rounds, seed, timeout } = fuzzing(SEQUENCES);

it(
  'translated code does what interpreted code does',
  () => {
    const guests = [machine({ name: 'interpreter' }), machine(EAGER)];
    for (let round = 0; round < rounds; round++) {
      const random = new RandomNumbers(seed, round);
      // Some programs lie across two pages.
      const start = CODE + (random.below(2) === 0 ? 0 : PAGE_SIZE - 2 * random.below(100));
      // Between two pages, or well inside one.
      const s0 = DATA + PAGE_SIZE + (random.below(2) === 0 ? 0 : 200);
      const source = randomProgram(random);
      for (const guest of guests) guest.load(source, RAM.code + start - CODE, BigInt(start));
      for (let run = 0; run < RUNS; run++) {
        const [expected, actual] = guests.map((guest) => outcome(guest, start, s0));
        expect(actual, `seed ${seed}, round ${round}, run ${run}\n${source}`).toEqual(expected);
      }
    }
  },
  timeout,
);
