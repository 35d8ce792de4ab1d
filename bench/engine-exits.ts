import { Privilege } from '../src/isa/privilege.js';
import { Pte } from '../src/isa/sv39.js';
import { KERNBASE } from '../src/memory/map.js';
import { spread } from '../src/report/spread.js';
import { Guest } from '../tests/support/guest.js';
import { nanoseconds } from './nanoseconds.js';
import type { Table } from './table.js';

const CODE = 0x1_0000n;
const DATA = 0x2_0000n;
const A1 = 11;
const USER = Pte.U | Pte.A | Pte.D;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;
/** Milliseconds. */
const TIME = 200;

/** What does it cost to leave and enter guest code, and to lose its translations? */
export function engineExits(runs: number): Table {
  return {
    title: 'Cost of leaving guest code',
    note: `Nanoseconds: median (least–most) of ${runs} runs, each the mean of what fits into ${TIME} ms.`,
    command: 'npm run bench',
    heads: ['what', 'ns'],
    rows: rows(runs),
  };
}

async function* rows(runs: number): AsyncGenerator<readonly string[]> {
  const guest = new Guest();
  const { hart, tables } = guest;
  tables.map(CODE, KERNBASE, Pte.X | USER);
  tables.map(DATA, KERNBASE + 0x1000, Pte.R | Pte.W | USER);
  guest.load('leave: ecall\naccess: ld a0,0(a1)\nsd a0,0(a1)\necall', KERNBASE, CODE);
  hart.setAddressSpace(tables.root);
  hart.privilege = Privilege.User;
  hart.budget = NO_LIMIT;
  hart.setX(A1, DATA);
  const [leave, access] = [guest.at('leave'), guest.at('access')];
  const from = (pc: bigint) => () => {
    hart.pc = pc;
    hart.engine.run();
  };
  const ways: readonly (readonly [string, () => void])[] = [
    ['ecall and back', from(leave)],
    ['load, store, ecall', from(access)],
    ['flush of one page', () => hart.engine.flushTlb(Number(DATA))],
    ['flush of the TLBs', () => hart.engine.flushTlb()],
    [
      'flush, then load, store, ecall: three walks',
      () => {
        hart.engine.flushTlb();
        from(access)();
      },
    ],
  ];
  for (const [name, work] of ways) yield [name, spread(await nanoseconds(work, runs, TIME))];
}
