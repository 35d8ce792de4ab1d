import type { AnyNode, CallExpression, MemberExpression, Statement } from 'acorn';

/** Everything below a node, the node itself first. */
export function* below(node: AnyNode): Generator<AnyNode> {
  yield node;
  for (const child of children(node)) yield* below(child);
}

export function children(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Statements that stand one after the other, wherever below the node. */
export function* statementLists(node: AnyNode): Generator<readonly Statement[]> {
  for (const one of below(node)) {
    if (one.type === 'BlockStatement') yield one.body;
    if (one.type === 'SwitchCase') yield one.consequent;
  }
}

/** A call of a method, by the method's name. */
export interface MethodCall {
  readonly call: CallExpression;
  readonly callee: MemberExpression;
  readonly method: string;
}

export function methodCall(node: AnyNode): MethodCall | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { callee } = node;
  return callee.property.type === 'Identifier' ? { call: node, callee, method: callee.property.name } : undefined;
}

/** Of a statement that does nothing but call a method, always or under a condition. */
export function statementCall(statement: Statement): MethodCall | undefined {
  if (statement.type === 'IfStatement' && statement.alternate == null) return statementCall(statement.consequent);
  return statement.type === 'ExpressionStatement' ? methodCall(statement.expression) : undefined;
}
