import type { AnyNode, IfStatement, Statement } from 'acorn';
import type { KernelFunction } from './compiled-kernel.js';
import { type Change, codeOf, dropped, exchanged, type Operator, replaced } from './operator.js';
import { below, methodCall, statementCall, statementLists } from './syntax.js';

/** Of a TLB, this hart's or another's, and of a reservation. */
const FLUSHES = /\b(?:hart\.(?:sfenceVma|dropReservation)|remote\.request)$/;
const WAKEUPS = /^(?:wakeup|reaped|ringForOthers|ringIdle)$/;
const RING_TO_COME = /\.madeRunnable\+\+;?$/;
const SHARED_WRITE = /^(?:store\d*|atomicStore32|atomicAdd32|add|exchange|write|copy|fill)$/;
/** On an error path, what is no undoing: locks have operators of their own, and notes are for observers. */
const NO_UNDO = /^(?:acquire|release|note)$/;
const LOOK = /^(?:load\d*|atomicLoad32|is[A-Z]\w*)$/;

export const noFlush: Operator = {
  name: 'no-flush',
  summary: 'drops a flush of a TLB, its own or one that another hart is asked for, or of a reservation',
  *find(fn) {
    yield* drops(fn, ({ callee }) => FLUSHES.test(codeOf(fn, callee)));
  },
};

export const noWakeup: Operator = {
  name: 'no-wakeup',
  summary: 'drops a wakeup, or the ring of a doorbell',
  *find(fn) {
    yield* drops(fn, ({ method }) => WAKEUPS.test(method));
    for (const statement of statementsOf(fn))
      if (statement.type === 'ExpressionStatement' && RING_TO_COME.test(codeOf(fn, statement)))
        yield { what: codeOf(fn, statement), edits: [dropped(fn, statement)] };
  },
};

export const noUndo: Operator = {
  name: 'no-undo',
  summary: 'drops what an error path undoes',
  *find(fn) {
    for (const node of below(fn.body)) {
      if (node.type !== 'IfStatement' || !fails(fn, node.consequent) || gives(fn, node.consequent)) continue;
      for (const statement of statementsIn(node.consequent)) {
        const found = statementCall(statement);
        if (found !== undefined && !NO_UNDO.test(found.method))
          yield { what: codeOf(fn, statement), edits: [dropped(fn, statement)] };
      }
    }
  },
};

/** What was seen before the lock was taken is taken for what is so now. */
export const noRecheck: Operator = {
  name: 'no-recheck',
  summary: 'drops a look at what may have changed until the lock was there',
  *find(fn) {
    for (const list of statementLists(fn.body)) {
      const from = list.findIndex((statement) => statementCall(statement)?.method === 'acquire');
      if (from < 0) continue;
      for (const statement of list.slice(from + 1)) {
        if (statement.type === 'IfStatement' && looks(statement.test)) {
          yield { what: codeOf(fn, statement.test), edits: [replaced(fn, statement.test, asBefore(fn, statement))] };
        }
        if (statement.type !== 'VariableDeclaration') continue;
        for (const { init } of statement.declarations)
          if (init != null && isQuestion(init)) yield { what: codeOf(fn, init), edits: [replaced(fn, init, 'true')] };
      }
    }
  },
};

export const swap: Operator = {
  name: 'swap',
  summary: 'does two writes to shared memory in the other order',
  *find(fn) {
    const isWrite = (statement: Statement | undefined) =>
      statement?.type === 'ExpressionStatement' && SHARED_WRITE.test(statementCall(statement)?.method ?? '');
    for (const list of statementLists(fn.body))
      for (const [i, second] of list.entries()) {
        const first = list[i - 1];
        if (first !== undefined && isWrite(first) && isWrite(second))
          yield { what: `${codeOf(fn, first)} ${codeOf(fn, second)}`, edits: [exchanged(fn, first, second)] };
      }
  },
};

function* drops(
  fn: KernelFunction,
  isMeant: (call: NonNullable<ReturnType<typeof methodCall>>) => boolean,
): Generator<Change> {
  for (const node of below(fn.body)) {
    const found = methodCall(node);
    if (found !== undefined && isMeant(found)) yield { what: codeOf(fn, node), edits: [replaced(fn, node, 'void 0')] };
  }
}

function statementsOf({ body }: KernelFunction): Statement[] {
  return [...statementLists(body)].flat();
}

function statementsIn(statement: Statement): readonly Statement[] {
  return statement.type === 'BlockStatement' ? statement.body : [statement];
}

/** Whether the statement ends with a return of what says that something went wrong. */
function fails(fn: KernelFunction, statement: Statement): boolean {
  const last = statementsIn(statement).at(-1);
  if (last?.type !== 'ReturnStatement') return false;
  return (
    last.argument == null || /^(?:false|-1|0|undefined|\w+\.(?:NoMemory|None|Refused))$/.test(codeOf(fn, last.argument))
  );
}

/** Whether somewhere in it there is a return of something else. */
function gives(fn: KernelFunction, statement: Statement): boolean {
  return [...below(statement)].some((one) => one.type === 'ReturnStatement' && !fails(fn, one));
}

function looks(node: AnyNode): boolean {
  return [...below(node)].some((one) => LOOK.test(methodCall(one)?.method ?? ''));
}

function isQuestion(node: AnyNode): boolean {
  const answers = node.type === 'BinaryExpression' && /^[!=]==$/.test(node.operator);
  return looks(node) && (answers || /^is[A-Z]/.test(methodCall(node)?.method ?? ''));
}

/** What the condition is while nothing has changed: an error path, or the next round, is for when something has. */
function asBefore(fn: KernelFunction, { test, consequent }: IfStatement): 'true' | 'false' {
  const isLeft = /^(?:Continue|Break)Statement$/.test(statementsIn(consequent).at(-1)?.type ?? '');
  const negated = test.type === 'UnaryExpression' && test.operator === '!';
  return isLeft || negated || (fails(fn, consequent) && !gives(fn, consequent)) ? 'false' : 'true';
}
