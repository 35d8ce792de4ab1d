import { expect, it } from 'vitest';
import { MARK_CALL, Mark, takeMark } from '../../src/guest/marks.js';
import { Exit } from '../../src/hart/engine.js';
import { Privilege } from '../../src/isa/privilege.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';

const A7 = 17;

/** A hart that is about to make the call, in the mode. */
function calling(call: number, privilege: number): Guest {
  const guest = new Guest();
  guest.load(`li a0, ${Mark.Wrong}\n li a1, 2\n li a7, ${call}\n at: ecall`);
  guest.hart.privilege = privilege;
  return guest;
}

it('a program’s mark is taken, and the kernel never sees it', () => {
  const guest = calling(MARK_CALL, Privilege.User);
  const { hart } = guest;
  const exit = guest.run();
  expect(takeMark(hart, exit)).toEqual({ mark: Mark.Wrong, detail: 2 });
  expect(hart.pc).toBe(guest.at('at') + 4n);
});

it.each([
  ['another call', 16, Privilege.User],
  ['a call of the kernel’s own', MARK_CALL, Privilege.Supervisor],
])('%s is none', (_, call, privilege) => {
  const guest = calling(call, privilege);
  const exit = guest.run();
  expect(takeMark(guest.hart, exit)).toBeUndefined();
  expect(guest.hart.pc).toBe(guest.at('at'));
});

it('an exit that is no call is none', () => {
  const { hart } = calling(MARK_CALL, Privilege.User);
  hart.setX(A7, BigInt(MARK_CALL));
  expect(takeMark(hart, Exit.Budget)).toBeUndefined();
  expect(hart.pc).toBe(BigInt(KERNBASE));
});
