import { type Block, type FlowGraph, successors } from './flow-graph.js';

/** A block with its place in the region's control flow, which can be written with nested blocks and loops alone. */
export interface Node {
  readonly block: Block;
  /** In reverse post-order. */
  readonly index: number;
  /** The block that every way here leads through, the nearest one; of the first block itself. */
  readonly dominator: number;
  readonly isLoopHeader: boolean;
  /** Several ways lead here that are not ways around a loop. */
  readonly isMerge: boolean;
}

export interface ControlFlow {
  /** In reverse post-order. */
  readonly nodes: readonly Node[];
  /** The node that control goes to from node `from` by a way to `offset`; undefined when it leaves the region by that way. */
  target(from: Node, offset: number): Node | undefined;
}

/**
 * Orders the blocks and finds their dominators (Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm"). A way
 * back to a block that does not dominate, as into the middle of a loop, leaves the region.
 */
export function controlFlow({ start, blocks }: FlowGraph): ControlFlow {
  const cut = new Set<string>();
  const way = (from: Block, to: number): string => `${from.start}>${to}`;
  const inside = (block: Block): number[] => [
    ...new Set(successors(block).filter((to) => blocks.has(to) && !cut.has(way(block, to)))),
  ];
  for (;;) {
    const order = reversePostOrder(start, blocks, inside);
    const indexes = new Map(order.map((block, index) => [block.start, index]));
    const indexOf = (offset: number): number => indexes.get(offset)!;
    const predecessors: number[][] = order.map(() => []);
    for (const [index, block] of order.entries())
      for (const to of inside(block)) predecessors[indexOf(to)]!.push(index);
    const dominators = dominatorsOf(predecessors);
    const dominates = (a: number, b: number): boolean => {
      let at = b;
      while (at > a) at = dominators[at]!;
      return at === a;
    };
    const irreducible = order.flatMap((block, index) =>
      inside(block)
        .filter((to) => indexOf(to) <= index && !dominates(indexOf(to), index))
        .map((to) => way(block, to)),
    );
    for (const one of irreducible) cut.add(one);
    if (irreducible.length > 0) continue;
    const nodes = order.map((block, index): Node => {
      const from = predecessors[index]!;
      const forward = from.filter((one) => one < index).length;
      const isLoopHeader = from.length > forward;
      return { block, index, dominator: dominators[index]!, isLoopHeader, isMerge: forward > 1 };
    });
    return {
      nodes,
      target: (from, offset) => {
        const index = indexes.get(offset);
        return index === undefined || cut.has(way(from.block, offset)) ? undefined : nodes[index];
      },
    };
  }
}

function reversePostOrder(
  start: number,
  blocks: ReadonlyMap<number, Block>,
  inside: (block: Block) => readonly number[],
): Block[] {
  const seen = new Set<number>();
  const order: Block[] = [];
  const visit = (offset: number): void => {
    if (seen.has(offset)) return;
    seen.add(offset);
    const block = blocks.get(offset)!;
    for (const to of inside(block)) visit(to);
    order.push(block);
  };
  visit(start);
  return order.reverse();
}

/** `predecessors`: by index in reverse post-order. */
function dominatorsOf(predecessors: readonly (readonly number[])[]): number[] {
  const dominators: (number | undefined)[] = predecessors.map((_, index) => (index === 0 ? 0 : undefined));
  const common = (one: number, other: number): number => {
    let [a, b] = [one, other];
    while (a !== b) {
      while (a > b) a = dominators[a]!;
      while (b > a) b = dominators[b]!;
    }
    return a;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const [index, from] of predecessors.entries()) {
      if (index === 0) continue;
      const known = from.filter((one) => dominators[one] !== undefined);
      const dominator = known.reduce(common);
      changed ||= dominators[index] !== dominator;
      dominators[index] = dominator;
    }
  }
  return dominators.map((dominator) => dominator!);
}
