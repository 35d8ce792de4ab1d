import { SubjectError } from '../explore/subject.js';
import { MARK_CALL, Mark } from './marks.js';

/** A small program on a kernel of somebody else's: its system calls are xv6's, and the kernel need not know of it. */
export interface KernelScenario {
  readonly name: string;
  readonly summary: string;
  /** As many as there are processes, so that each may have one. */
  readonly harts: number;
  /** RISC-V assembly, linked at 0, of one page at most. */
  readonly source: string;
}

/** Something that a program may find wrong. */
interface Wrong {
  readonly text: string;
  /** It is also so where a process is killed for want of memory, which is right. */
  readonly isOfKilled: boolean;
}

/** By the number that programs say. */
export const WRONGS: readonly Wrong[] = [
  { text: 'a process reads something else than what it has stored itself', isOfKilled: false },
  { text: 'a process reads what another one has stored', isOfKilled: false },
  { text: 'a child ended with another status than the one that it gave', isOfKilled: true },
  { text: 'a child that was forked cannot be waited for', isOfKilled: false },
];
const [OWN, ANOTHERS, STATUS, WAIT] = [0, 1, 2, 3] as const;

/** Of xv6 since its first year. */
const SYSTEM_CALLS = { fork: 1, exit: 2, wait: 3, fstat: 8, sbrk: 12 } as const;

const PAGE = 4096;
const PAGES = 4;
/** Where in a page a process stores what `fstat` does not write over. */
const ASIDE = 512;
/** What every word of note holds before anybody has stored there. */
const ORIGINAL = 0x0101;

/** Numbers of local labels, which differ from use to use. */
let labels = 0;
const label = (): string => `.L${labels++}`;

const call = (name: keyof typeof SYSTEM_CALLS): string => `
  li a7, ${SYSTEM_CALLS[name]}
  ecall`;

const say = (mark: Mark, detail = 0): string => `
  li a0, ${mark}
  li a1, ${detail}
  li a7, ${MARK_CALL}
  ecall`;

const exit = (status: number): string => `
  li a0, ${status}${call('exit')}`;

/** Stores in every page, at a distance from its beginning. s0: the first page. */
function store(value: number, at = 0, pages = PAGES): string {
  const stores = Array.from(
    { length: pages },
    (_, page) => `
  li t0, ${page * PAGE + at}
  add t0, t0, s0
  li t1, ${value + page}
  sd t1, 0(t0)`,
  );
  return stores.join('');
}

/** Says so where a page does not hold what was stored there. */
function expectStored(value: number, wrong: number, at = 0, pages = PAGES): string {
  const checks = Array.from({ length: pages }, (_, page) => {
    const right = label();
    return `
  li t0, ${page * PAGE + at}
  add t0, t0, s0
  ld t2, 0(t0)
  li t1, ${value + page}
  beq t1, t2, ${right}${say(Mark.Wrong, wrong)}
${right}:`;
  });
  return checks.join('');
}

/** Goes on in a child at `child`; a fork that failed is no matter. */
const fork = (child: string): string => `${call('fork')}
  beqz a0, ${child}`;

/**
 * Waits for children until there is none. s2: how many there must be, less those that could not be forked. The status comes to
 * a page that was stored in right before, so that no memory is wanted for it: a kernel without any would not let go of the child.
 */
function waitForAll(): string {
  const [next, none, fine, done] = [label(), label(), label(), label()];
  return `
${next}:
  sd zero, -16(sp)
  addi a0, sp, -16${call('wait')}
  bltz a0, ${none}
  addi s2, s2, -1
  lw t0, -16(sp)
  beqz t0, ${fine}${say(Mark.Wrong, STATUS)}
${fine}:
  j ${next}
${none}:
  blez s2, ${done}${say(Mark.Wrong, WAIT)}
${done}:`;
}

/** A fork in the parent: counts the child. */
function forkCounted(child: string): string {
  const failed = label();
  return `${fork(child)}
  bltz a0, ${failed}
  addi s2, s2, 1
${failed}:`;
}

/** Some pages of its own, whose first addresses are known in s0, and then the beginning. */
const setUp = `
  andi sp, sp, -16
  li s2, 0
  li a0, ${(PAGES + 1) * PAGE}
  li a1, 1${call('sbrk')}
  li t0, ${PAGE - 1}
  add s0, a0, t0
  not t0, t0
  and s0, s0, t0${store(ORIGINAL)}${store(ORIGINAL, ASIDE)}${say(Mark.Begin)}`;

const finish = `${waitForAll()}${say(Mark.Done)}${exit(0)}`;

/** Each process stores in every page and must find it there. */
const writeAll = (value: number): string => `${store(value)}${expectStored(value, OWN)}`;

export const kernelScenarios: readonly KernelScenario[] = [
  {
    name: 'fork-write',
    summary: 'a parent and its child both store in the four pages that they share',
    harts: 2,
    source: `${setUp}${forkCounted('child')}${writeAll(0x1000)}${finish}
child:${writeAll(0x2000)}${exit(0)}`,
  },
  {
    name: 'exit-write',
    summary: 'a child ends while its parent stores in the pages that they share',
    harts: 2,
    source: `${setUp}${forkCounted('child')}${writeAll(0x1000)}${finish}
child:${exit(0)}`,
  },
  {
    name: 'fork-exit',
    summary: 'a child ends while its parent forks another one, with the same pages',
    harts: 2,
    source: `${setUp}${forkCounted('child')}${forkCounted('child')}${finish}
child:${exit(0)}`,
  },
  {
    name: 'shrink-write',
    summary: 'a child gives shared pages back while its parent stores in them',
    harts: 2,
    source: `${setUp}${forkCounted('child')}${writeAll(0x1000)}${finish}
child:
  li a0, ${-(PAGES + 1) * PAGE}
  li a1, 1${call('sbrk')}${exit(0)}`,
  },
  {
    name: 'three-writers',
    summary: 'a parent and two children store in the pages that all three share',
    harts: 3,
    source: `${setUp}${forkCounted('first')}${forkCounted('second')}${writeAll(0x1000)}${finish}
first:${writeAll(0x2000)}${exit(0)}
second:${writeAll(0x3000)}${exit(0)}`,
  },
  {
    name: 'copyout-write',
    summary: 'the kernel stores for a child in a page that it shares with its parent, which stores there too',
    harts: 2,
    source: `${setUp}${forkCounted('child')}
  li a0, 0
  li a1, ${PAGE}
  add a1, a1, s0${call('fstat')}${store(0x1000, ASIDE, 1)}${expectStored(ORIGINAL, ANOTHERS, 0, 1)}${expectStored(0x1000, OWN, ASIDE, 1)}${finish}
child:
  li a0, 0
  mv a1, s0${call('fstat')}${expectStored(ORIGINAL, ANOTHERS, ASIDE, 1)}${exit(0)}`,
  },
];

/** Throws SubjectError for a name that none has. */
export function kernelScenarioNamed(name: string): KernelScenario {
  const found = kernelScenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const all = kernelScenarios.map((one) => one.name).join(', ');
  throw new SubjectError(`there is no scenario '${name}' for a kernel image; there are: ${all}`);
}
