import { type I32, i32, i64, select } from '../wasm/expression.js';
import { type AccessGroup, type GroupedAccess, groupedAccesses } from './access-groups.js';
import type { ControlFlow, Node } from './control-flow.js';
import type { Instruction } from './flow-graph.js';
import { PageCaches } from './page-caches.js';
import { freshAfter, freshPointers, type Pointers } from './pointers.js';
import type { RegionFunction } from './region-function.js';
import { type HostPlace, RegionLowering } from './region-lowering.js';
import { type Registers, type RegisterUse, registersOf, writes } from './registers.js';

type GroupedAccesses = ReadonlyMap<Instruction, GroupedAccess>;
const groupsOf = (accesses: GroupedAccesses): AccessGroup[] => [
  ...new Set([...accesses.values()].map(({ group }) => group)),
];

/** Writes the blocks of a region, without their ends. */
export class BlockWriter {
  readonly lowering: RegionLowering;
  /** Of the instruction that is being lowered: what those before it left to be stored, and how many of its block they are. */
  dirty: Registers = 0;
  private done = 0;
  private fresh: Pointers = { readTlb: 0, writeTlb: 0 };
  private offset = 0;
  private readonly pointers: readonly Pointers[];
  private readonly grouped: ReadonlyMap<Node, GroupedAccesses>;
  private readonly pages: PageCaches;

  /** @param step leaves the region to the single step of the instruction at an offset, inside a condition */
  constructor(
    private readonly f: RegionFunction,
    flow: ControlFlow,
    private readonly use: RegisterUse,
    step: (offset: number) => void,
  ) {
    const { hart, page } = f.params;
    this.pointers = freshPointers(flow);
    this.grouped = new Map(flow.nodes.map((node) => [node, groupedAccesses(node.block)]));
    const instructions = flow.nodes.flatMap((node) => node.block.instructions);
    const groups = [...this.grouped.values()].flatMap((accesses) => groupsOf(accesses));
    this.pages = new PageCaches(f, hart, instructions, groups);
    this.lowering = new RegionLowering(f, {
      page,
      pages: this.pages,
      stepIf: (condition) => f.if(condition, () => step(this.offset), undefined, 'unlikely'),
    });
  }

  /** Where the block's first instruction is about to be lowered. */
  begin(node: Node): void {
    this.dirty = this.use.dirty(node);
    this.fresh = this.pointers[node.index]!;
    this.done = 0;
  }
  /** Its instructions, and counts them. */
  write(node: Node): void {
    const first = this.inGroups(node);
    for (const one of node.block.instructions.slice(first)) this.lower(one);
    this.count();
  }
  /** Writes what a branch skips, executed in any case; what it made is kept when `condition` is 0. */
  choose(condition: I32, { block: { instructions } }: Node): void {
    const { f, lowering } = this;
    const { left } = f.params;
    const isTaken = f.let('isTaken', condition);
    const written = registersOf(instructions.reduce((set, one) => set | writes(one), 0));
    const before = written.map((number) => f.let('before', lowering.register(number)));
    for (const one of instructions) this.lower(one);
    for (const [i, number] of written.entries())
      f.set(lowering.register(number), select(before[i]!, lowering.register(number), isTaken));
    f.set(left, i32.sub(left, select(i32.const(0), i32.const(instructions.length), isTaken)));
  }
  /** Takes off `left` what was done of the block. */
  count(): void {
    const { left } = this.f.params;
    if (this.done > 0) this.f.set(left, i32.sub(left, i32.const(this.done)));
  }

  private lower(instruction: Instruction, place?: HostPlace): void {
    this.offset = instruction.offset;
    this.lowering.lower(instruction, this.fresh, place);
    this.fresh = freshAfter(this.fresh, instruction);
    this.dirty |= writes(instruction);
    this.done++;
  }

  /**
   * Lowers a block up to its last access that is one of a group, and says how many instructions that are: once for when all
   * groups lie in one page each, and once for when not.
   */
  private inGroups(node: Node): number {
    const { f, pages, lowering } = this;
    const { instructions } = node.block;
    const grouped = this.grouped.get(node)!;
    const last = instructions.findLastIndex((one) => grouped.has(one)) + 1;
    if (last === 0) return last;
    f.block((done) => {
      f.block((apart) => {
        const apartIf = (condition: I32): void => f.branchIf(condition, apart, 'unlikely');
        const hosts = new Map(
          groupsOf(grouped).map((group) => {
            const va = f.let('lowest', i64.add(lowering.register(group.base), i64.const(BigInt(group.least))));
            return [group, f.let('host', pages.groupAddress(group, va, this.fresh, apartIf))] as const;
          }),
        );
        for (const one of instructions.slice(0, last)) {
          const access = grouped.get(one);
          const place = access && { address: hosts.get(access.group)!, offset: access.distance };
          this.lower(one, place);
        }
        f.branch(done);
      });
      this.begin(node);
      for (const one of instructions.slice(0, last)) this.lower(one);
    });
    return last;
  }
}
