import type { ControlFlow, Node } from './control-flow.js';
import type { Instruction } from './flow-graph.js';

/**
 * A branch over a few instructions that only compute. They cost less than a branch that is foretold wrongly now and then, so
 * they are executed either way, and what they made is kept or not.
 */
export interface Hammock {
  /** What is executed when the branch is not taken. */
  readonly skipped: Node;
  /** Where both ways meet. */
  readonly to: number;
}
/** More are not worth executing in vain. */
const MOST_SKIPPED = 3;

/** Undefined where `node` ends in anything else. */
export function hammockAt(flow: ControlFlow, node: Node): Hammock | undefined {
  const { end } = node.block;
  if (end.kind !== 'branch') return undefined;
  const skipped = flow.target(node, end.next);
  if (skipped === undefined || skipped.isMerge || skipped.isLoopHeader) return undefined;
  const { block } = skipped;
  const meets = block.end.kind === 'go' && block.end.to === end.taken;
  const isShort = block.instructions.length <= MOST_SKIPPED && block.instructions.every(onlyComputes);
  // Outside the region, what was not loaded would be stored where the branch is taken.
  const meeting = flow.target(node, end.taken);
  const isInside = meeting !== undefined && meeting === flow.target(skipped, end.taken);
  return meets && isShort && isInside ? { skipped, to: end.taken } : undefined;
}

/** In a few cycles, whatever its operands are. */
function onlyComputes({ form, operands }: Instruction): boolean {
  const { control, accesses } = form.traits;
  return control === 'none' && !accesses && operands.rd !== 0 && form.row.extension === 'I';
}
