import type { SharedAccess } from '../../../src/memory/access.js';
import { struct, u32 } from '../../../src/memory/struct.js';

/** Head of a pool of equal nodes. */
export const pool = struct('pool', {
  /** First of the nodes given back, each of which leads to the next by its first word; or 0. */
  free: u32,
  /** Nodes that have been taken at least once. */
  used: u32,
});
const { free, used } = pool.fields;

/** A fixed number of nodes, handed out and taken back. Whoever calls sees to it that no two harts do at once. */
export class Pool {
  constructor(
    private readonly mem: SharedAccess,
    private readonly head: number,
    private readonly nodes: { readonly at: number; readonly count: number },
    private readonly nodeSize: number,
  ) {}

  /** A node, or 0 when there is none left. */
  take(): number {
    const { mem, head } = this;
    const node = free.load(mem, head);
    if (node !== 0) {
      free.store(mem, head, mem.load32(node));
      return node;
    }
    const fresh = used.load(mem, head);
    if (fresh === this.nodes.count) return 0;
    used.store(mem, head, fresh + 1);
    return this.nodes.at + fresh * this.nodeSize;
  }

  give(node: number): void {
    const { mem, head } = this;
    mem.store32(node, free.load(mem, head));
    free.store(mem, head, node);
  }
}
