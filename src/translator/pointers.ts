import type { ControlFlow, Node } from './control-flow.js';
import { type Instruction, successors } from './flow-graph.js';
import { contains, type Registers, writes } from './registers.js';

/**
 * Which registers hold what was loaded since an access was made with them last: pointers that lead anywhere, as those of a
 * list. It is not worth looking whether they lead to the page of the last one.
 */
export interface Pointers {
  /** On entry to the block. */
  fresh(node: Node): Registers;
}

export function freshPointers(flow: ControlFlow): Pointers {
  const { nodes } = flow;
  const onEntry = nodes.map(() => 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of nodes) {
      const { instructions } = node.block;
      const after = instructions.reduce(freshAfter, onEntry[node.index]!);
      for (const { index } of successors(node.block).flatMap((offset) => flow.target(node, offset) ?? [])) {
        const merged = onEntry[index]! | after;
        changed ||= merged !== onEntry[index];
        onEntry[index] = merged;
      }
    }
  }
  return { fresh: ({ index }) => onEntry[index]! };
}

/** What is fresh after an instruction, when `before` was before it. */
export function freshAfter(before: Registers, instruction: Instruction): Registers {
  const { form, operands } = instruction;
  const base = form.traits.accesses ? 1 << operands.rs1 : 0;
  const written = writes(instruction);
  const copies = form.row.name === 'addi' && contains(before, operands.rs1);
  return (before & ~base & ~written) | (form.traits.loads || copies ? written : 0);
}
