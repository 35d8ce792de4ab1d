import type { ControlFlow, Node } from './control-flow.js';
import { type Instruction, successors } from './flow-graph.js';
import { contains, type Registers, writes } from './registers.js';

/**
 * Registers that hold what was loaded since an access was made with them last, for each side of the TLB: pointers that lead
 * anywhere, as those of a list. It is not worth looking whether they lead to the page of the last one.
 */
export interface Pointers {
  readonly readTlb: Registers;
  readonly writeTlb: Registers;
}
const NONE: Pointers = { readTlb: 0, writeTlb: 0 };

/** On entry to each block of a region, in the order of its nodes. */
export function freshPointers(flow: ControlFlow): readonly Pointers[] {
  const { nodes } = flow;
  const onEntry = nodes.map(() => NONE);
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of nodes) {
      const after = node.block.instructions.reduce(freshAfter, onEntry[node.index]!);
      for (const { index } of following(flow, node)) {
        const known = onEntry[index]!;
        const [readTlb, writeTlb] = [known.readTlb | after.readTlb, known.writeTlb | after.writeTlb];
        if (readTlb === known.readTlb && writeTlb === known.writeTlb) continue;
        changed = true;
        onEntry[index] = { readTlb, writeTlb };
      }
    }
  }
  return onEntry;
}

function following(flow: ControlFlow, node: Node): Node[] {
  return successors(node.block).flatMap((offset) => flow.target(node, offset) ?? []);
}

/** What is fresh after an instruction, when `before` was before it. Who may write a page may read it too. */
export function freshAfter(before: Pointers, instruction: Instruction): Pointers {
  const { form, operands } = instruction;
  const { loads, stores, accesses } = form.traits;
  const written = writes(instruction);
  const base = 1 << operands.rs1;
  const source = movedFrom(instruction);
  const after = (fresh: Registers, isFound: boolean): Registers => {
    const isCopy = source !== undefined && contains(fresh, source);
    return (fresh & ~(isFound ? base : 0) & ~written) | (loads || isCopy ? written : 0);
  };
  return { readTlb: after(before.readTlb, accesses), writeTlb: after(before.writeTlb, stores) };
}

/** The register that the instruction moves to another, perhaps with a constant added. */
export function movedFrom({ form, operands: { rs1, rs2 } }: Instruction): number | undefined {
  if (form.row.name === 'addi') return rs1;
  return form.row.name === 'add' && rs1 === 0 ? rs2 : undefined;
}
