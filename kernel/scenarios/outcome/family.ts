import type { SharedAccess } from '../../../src/memory/access.js';
import type { KernelLayout } from '../../layout.js';
import { ProcState, proc } from '../../process/proc-struct.js';

const { state, pid, parent } = proc.fields;

/** A process, by a name that does not depend on the order in which slots and pids were given out. */
export interface NamedProcess {
  readonly name: string;
  readonly at: number;
}

/**
 * The processes of a machine at rest, parents before their children. Those that were there when the run began have their
 * pids for names; new ones are counted among those of their parent, in the order of what is said of each.
 *
 * @param firstNew the first pid that was given out in the run
 * @param describe what distinguishes one new child from another
 */
export function familyOf(
  mem: SharedAccess,
  layout: KernelLayout,
  firstNew: number,
  describe: (p: number) => string,
): NamedProcess[] {
  const living = layout.procs.filter((p) => state.load(mem, p) !== ProcState.Unused);
  const childrenOf = (p: number) => living.filter((child) => parent.load(mem, child) === p && child !== p);
  const named = new Map<number, string>();
  const visit = (p: number, name: string) => {
    if (named.has(p)) return;
    named.set(p, name);
    const children = childrenOf(p);
    const isNew = (child: number) => pid.load(mem, child) >= firstNew;
    for (const child of children.filter((one) => !isNew(one))) visit(child, `pid ${pid.load(mem, child)}`);
    const fresh = children.filter(isNew).map((child) => ({ child, text: textOf(child, new Set([p])) }));
    // Of two that are alike, the one that was made first comes first.
    fresh.sort((a, b) => compare(a.text, b.text) || pid.load(mem, a.child) - pid.load(mem, b.child));
    for (const [i, { child }] of fresh.entries()) visit(child, `new child ${i + 1} of ${name}`);
  };
  const textOf = (p: number, above: ReadonlySet<number>): string => {
    if (above.has(p)) return '';
    const below = childrenOf(p).map((child) => textOf(child, new Set([...above, p])));
    return `${describe(p)} [${below.toSorted(compare).join('; ')}]`;
  };
  // Whoever has no parent: the first process, and whom the kernel has lost.
  const roots = living.filter((p) => !living.includes(parent.load(mem, p)));
  for (const p of roots) {
    const isOld = pid.load(mem, p) < firstNew;
    visit(p, isOld ? `pid ${pid.load(mem, p)}` : 'a new process without a parent');
  }
  for (const p of living) visit(p, 'a process that is its own ancestor');
  return [...named].map(([at, name]) => ({ at, name }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
