import { expect, it } from 'vitest';
import { type Finish, Finisher } from '../../src/devices/finisher.js';

it.each<[number, Finish[]]>([
  [0x5555, [{ kind: 'exit', status: 0 }]],
  [(7 << 16) | 0x3333, [{ kind: 'exit', status: 7 }]],
  [0x7777, [{ kind: 'reset' }]],
  [0x1234, []],
])('0x%x ends the machine as it says', (value, expected) => {
  const ends: Finish[] = [];
  const finisher = new Finisher((how) => ends.push(how));
  expect(finisher.store(0, 4, BigInt(value))).toBe(true);
  expect(ends).toEqual(expected);
  expect(finisher.load(0, 4)).toBe(0n);
  expect(finisher.store(0, 8, 0x5555n)).toBe(false);
});
