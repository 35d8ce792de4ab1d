import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import { SBRK_EAGER, SBRK_LAZY } from '../../trap/sys-proc.js';
import type { Duel } from '../scenario.js';
import { STACK_TOP } from '../stage.js';

const PAGES = 3;
const FIRST = STACK_TOP;
const TOUCHED = FIRST + PAGE_SIZE;
const LAST = TOUCHED + PAGE_SIZE;
const MARK = 10;

export const lazyFault: Duel = {
  name: 'lazy-fault',
  summary:
    'parent and child touch pages that sbrk promised before the fork; the parent gives one back and takes it anew, the child forks',
  harts: 2,
  abi: 'xv6-2025',
  setup({ users: [parent, child] }) {
    parent!.kernel.start(parent!.hart);
    parent!.call('sbrk', PAGES * PAGE_SIZE, SBRK_LAZY);
    parent!.store(TOUCHED, 1);
    parent!.call('fork');
    child!.kernel.start(child!.hart);
  },
  parts: [
    (user) => {
      user.store(LAST, MARK);
      user.call('sbrk', -PAGE_SIZE, SBRK_EAGER);
      user.call('sbrk', PAGE_SIZE, SBRK_LAZY);
      user.load(LAST);
      user.store(TOUCHED, MARK);
    },
    (user) => {
      user.store(LAST, MARK + 1);
      user.call('fork');
      user.store(FIRST, MARK + 1);
      user.store(TOUCHED, MARK + 1);
    },
  ],
  verify(stage) {
    const expected: readonly (readonly [slot: number, va: number, word: number | undefined])[] = [
      [0, FIRST, undefined],
      [0, TOUCHED, MARK],
      [0, LAST, 0],
      [1, FIRST, MARK + 1],
      [1, TOUCHED, MARK + 1],
      [1, LAST, MARK + 1],
      // The child's child, which nobody has run.
      [2, FIRST, undefined],
      [2, TOUCHED, 1],
      [2, LAST, MARK + 1],
    ];
    return expected.flatMap(([slot, va, word]) => {
      const seen = stage.word(stage.layout.procs[slot]!, va);
      if (seen === word) return [];
      const text = (value: number | undefined) => (value === undefined ? 'no page yet' : String(value));
      const summary = `proc[${slot}] has ${text(seen)} at 0x${va.toString(16)} where it must have ${text(word)}`;
      return [{ place: 'a promised page', summary }];
    });
  },
};
