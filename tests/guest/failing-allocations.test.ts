import { expect, it } from 'vitest';
import { FailingAllocations } from '../../src/guest/failing-allocations.js';
import { guestBlock } from '../../src/guest/guest-block.js';
import { Question } from '../../src/memory/access.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';

const [RA, A0] = [1, 10] as const;
const [KALLOC, BACK] = [KERNBASE + 0x100, KERNBASE + 0x200];

it('a call of the allocator returns 0 at once where the schedule says so, and the run knows it', () => {
  const { hart } = new Guest(1, undefined, { devices: guestBlock.size });
  const asked: Question[] = [];
  const answers = [0, 1];
  const ask = (question: Question) => {
    asked.push(question);
    return answers.shift()!;
  };
  const kalloc = { role: 'allocate', name: 'kalloc', address: KALLOC, size: 64, argument: 0 } as const;
  const failing = new FailingAllocations(hart, { ask }, [kalloc, { ...kalloc, role: 'free', address: BACK }]);
  hart.setX(RA, BigInt(BACK));
  hart.setX(A0, 7n);
  hart.pc = BigInt(KALLOC);
  expect(failing.carryOut(BACK)).toBe(false);
  expect(asked).toEqual([]);
  expect(failing.carryOut(KALLOC)).toBe(false);
  expect([failing.hasFailed, hart.pc]).toEqual([false, BigInt(KALLOC)]);
  expect(failing.carryOut(KALLOC)).toBe(true);
  expect(asked).toEqual([Question.AllocationFails, Question.AllocationFails]);
  expect([failing.hasFailed, hart.pc, hart.getX(A0)]).toEqual([true, BigInt(BACK), 0n]);
});
