import type { Statement } from 'acorn';
import type { KernelFunction } from './compiled-kernel.js';
import { type Change, codeOf, dropped, exchanged, type Operator } from './operator.js';
import { below, statementCall, statementLists } from './syntax.js';

interface LockStatement {
  readonly statement: Statement;
  readonly takes: boolean;
  /** The code that names the lock. */
  readonly lock: string;
}

function lockStatement(fn: KernelFunction, statement: Statement): LockStatement | undefined {
  const found = statementCall(statement);
  if (found === undefined || !/\bspin\.(?:acquire|release)$/.test(codeOf(fn, found.callee))) return undefined;
  const [lock] = found.call.arguments;
  return lock && { statement, takes: found.method === 'acquire', lock: codeOf(fn, lock) };
}

function lockStatements(fn: KernelFunction): LockStatement[] {
  const all = [...statementLists(fn.body)].flat().flatMap((statement) => lockStatement(fn, statement) ?? []);
  return all.toSorted((a, b) => a.statement.start - b.statement.start);
}

/** A lock is not taken, and what would release it after that does not. */
export const lockAway: Operator = {
  name: 'lock-away',
  summary: 'takes a lock and its release away',
  *find(fn) {
    const all = lockStatements(fn);
    for (const [i, { statement, takes, lock }] of all.entries()) {
      if (!takes) continue;
      const after = all.slice(i + 1);
      const next = after.findIndex((other) => other.takes && other.lock === lock);
      const releases = after.slice(0, next < 0 ? after.length : next).filter((other) => other.lock === lock);
      if (releases.length === 0) continue;
      const gone = [statement, ...releases.map((release) => release.statement)];
      yield { what: codeOf(fn, statement), edits: gone.map((one) => dropped(fn, one)) };
    }
  },
};

/** One statement of the critical section is outside. */
export const earlyRelease: Operator = {
  name: 'early-release',
  summary: 'releases a lock one statement early',
  *find(fn) {
    yield* neighbours(fn, (first, second) => {
      const release = lockStatement(fn, second);
      return release !== undefined && !release.takes && !touches(fn, first, release.lock) ? second : undefined;
    });
  },
};

export const lateAcquire: Operator = {
  name: 'late-acquire',
  summary: 'takes a lock one statement late',
  *find(fn) {
    yield* neighbours(fn, (first, second) => {
      const acquire = lockStatement(fn, first);
      return acquire?.takes === true && !touches(fn, second, acquire.lock) ? first : undefined;
    });
  },
};

/** Whether a statement takes or releases the lock, or leaves the statements that it is among. */
function touches(fn: KernelFunction, statement: Statement, lock: string): boolean {
  const inside = [...below(statement)];
  const isSame = (one: Statement) => lockStatement(fn, one)?.lock === lock;
  const statements = [statement, ...[...statementLists(statement)].flat()];
  return inside.some(({ type }) => /^(?:Return|Break|Continue)Statement$/.test(type)) || statements.some(isSame);
}

/** Changes places of neighbours, of which `moved` says which one is meant, or that it is none. */
function* neighbours(
  fn: KernelFunction,
  moved: (first: Statement, second: Statement) => Statement | undefined,
): Generator<Change> {
  for (const list of statementLists(fn.body))
    for (const [i, second] of list.entries()) {
      const first = list[i - 1];
      const what = first && moved(first, second);
      if (first !== undefined && what !== undefined)
        yield { what: codeOf(fn, what), edits: [exchanged(fn, first, second)] };
    }
}
