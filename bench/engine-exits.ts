import { Bench } from 'tinybench';
import { Privilege } from '../src/isa/privilege.js';
import { Pte } from '../src/isa/sv39.js';
import { KERNBASE } from '../src/memory/map.js';
import { Guest } from '../tests/support/guest.js';

const CODE = 0x1_0000n;
const DATA = 0x2_0000n;
const A1 = 11;
const USER = Pte.U | Pte.A | Pte.D;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** What does it cost to leave and enter guest code, and to lose its translations? */
export async function engineExits(): Promise<string> {
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
  const bench = new Bench({ time: 200 })
    .add('ecall and back', from(leave))
    .add('load, store, ecall', from(access))
    .add('flush of one page', () => hart.engine.flushTlb(Number(DATA)))
    .add('flush of the TLBs', () => hart.engine.flushTlb())
    .add('flush, then load, store, ecall: three walks', () => {
      hart.engine.flushTlb();
      from(access)();
    });
  await bench.run();
  return bench.tasks
    .map(({ name, result }) => {
      const nanoseconds = 'latency' in result ? result.latency.mean * 1e6 : Number.NaN;
      return `${name.padEnd(44)} ${nanoseconds.toFixed(0).padStart(6)} ns`;
    })
    .join('\n');
}
