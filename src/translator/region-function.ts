import { type EnterRegion, leftOf, needsStep, type regionParameters, STEP } from '../interpreter/regions.js';
import { hartBlock } from '../memory/map.js';
import { type I64, i32, i64 } from '../wasm/expression.js';
import type { FunctionBuilder, Label, Local } from '../wasm/function-builder.js';
import { BlockWriter } from './block-writer.js';
import type { ControlFlow, Node } from './control-flow.js';
import { type ExitPlaces, withExitPlaces } from './exits.js';
import type { BlockEnd } from './flow-graph.js';
import { hammockAt } from './hammocks.js';
import type { RegionLowering } from './region-lowering.js';
import { type Registers, type RegisterUse, registersOf, registerUse, writes } from './registers.js';

const fields = hartBlock.fields;
export type RegionFunction = FunctionBuilder<typeof regionParameters, 'i64'>;

export interface RegionParts {
  readonly enter: EnterRegion;
  /** The function of a region of the same module, by the offset where it begins. */
  sibling(offset: number): RegionFunction | undefined;
  /** The offset that a register is likely to lead to. */
  likelyTarget(register: number): number | undefined;
}

/** Set in `at` beside the offset, which is even: the instruction there is one for the single step. */
const STEP_FLAG = 1;

/**
 * Instructions by which a stretch may be exceeded to get to a loop where a region begins: anywhere else whoever goes on
 * has to interpret until then.
 */
const SLACK = 10_000;

type CallEnd = Extract<BlockEnd, { kind: 'call' }>;

/** Writes a region's body. */
export function writeRegion(f: RegionFunction, flow: ControlFlow, parts: RegionParts): void {
  new RegionWriter(f, flow, parts).write();
}

/** Where the labels of blocks that are open lie. */
interface Open {
  /** Ends of blocks, by the node that comes after; starts of loops, by their header. */
  readonly after: ReadonlyMap<Node, Label>;
  readonly loops: ReadonlyMap<Node, Label>;
}

/**
 * Control flow as Norman Ramsey, "Beyond Relooper" (2022), writes it: a node is followed by the nodes that it dominates;
 * those that several ways lead to come after a block that these ways leave, the others where they are gone to.
 */
class RegionWriter {
  private readonly use: RegisterUse;
  private readonly blocks: BlockWriter;
  private readonly lowering: RegionLowering;
  private readonly at: Local<'i32'>;
  private places: ExitPlaces | undefined;

  constructor(
    private readonly f: RegionFunction,
    private readonly flow: ControlFlow,
    private readonly parts: RegionParts,
  ) {
    this.use = registerUse(flow);
    this.at = f.local('at', 'i32');
    this.blocks = new BlockWriter(f, flow, this.use, (offset) => this.leaveEarly(offset | STEP_FLAG));
    this.lowering = this.blocks.lowering;
  }

  write(): void {
    const { f, flow, use } = this;
    const { hart, left, page } = f.params;
    const [first] = flow.nodes;
    if (first === undefined) throw new Error('a region has a block');
    this.load(use.live(first));
    withExitPlaces(
      f,
      this.exitSets(),
      (places) => {
        this.places = places;
        this.tree(first, { after: new Map(), loops: new Map() });
        f.unreachable();
      },
      (registers) => this.store(registers),
    );
    const offset = i64.extendI32U(i32.and(this.at, i32.const(-2)));
    f.store(hart, i64.add(page, offset), fields.pc.offset);
    const step = i64.mul(i64.extendI32U(i32.and(this.at, i32.const(STEP_FLAG))), i64.const(STEP));
    f.return(i64.or(i64.extendI32U(left), step));
    f.unreachable();
  }

  /** What is to be stored wherever the region may be left early. */
  private exitSets(): Registers[] {
    return this.flow.nodes.flatMap((node) => {
      let dirty = this.use.dirty(node);
      const sets = node.isLoopHeader ? [dirty] : [];
      for (const one of node.block.instructions) {
        if (one.form.traits.accesses) sets.push(dirty);
        dirty |= writes(one);
      }
      return sets;
    });
  }

  private tree(node: Node, open: Open): void {
    const { f, flow } = this;
    const after = flow.nodes
      .filter((other) => other.isMerge && other.dominator === node.index && other !== node)
      .toReversed();
    if (!node.isLoopHeader) {
      this.within(node, after, open);
      return;
    }
    f.loop((label) => this.within(node, after, { ...open, loops: new Map(open.loops).set(node, label) }));
  }

  private within(node: Node, [last, ...rest]: readonly Node[], open: Open): void {
    if (last === undefined) {
      this.node(node, open);
      return;
    }
    this.f.block((label) => this.within(node, rest, { ...open, after: new Map(open.after).set(last, label) }));
    this.tree(last, open);
  }

  private node(node: Node, open: Open): void {
    const { f, parts, blocks } = this;
    const { left } = f.params;
    const { start } = node.block;
    blocks.begin(node);
    const floor = parts.sibling(start) === undefined ? -SLACK : 0;
    if (node.isLoopHeader) f.if(i32.leS(left, i32.const(floor)), () => this.leaveEarly(start), undefined, 'unlikely');
    blocks.write(node);
    this.end(node, open);
  }

  /** `left` is brought up to date. */
  private end(node: Node, open: Open): void {
    const { f, lowering, blocks, flow } = this;
    const { end } = node.block;
    const { dirty } = blocks;
    switch (end.kind) {
      case 'go':
        this.goTo(node, end.to, dirty, open);
        return;
      case 'branch': {
        const { condition } = lowering;
        if (condition === undefined) throw new Error('a branch has a condition');
        const hammock = hammockAt(flow, node);
        if (hammock !== undefined) {
          blocks.choose(condition, hammock.skipped);
          this.goTo(node, hammock.to, blocks.dirty, open);
          return;
        }
        f.if(
          condition,
          () => this.goTo(node, end.taken, dirty, open),
          () => this.goTo(node, end.next, dirty, open),
        );
        return;
      }
      case 'call':
        this.call(node, end, dirty, open);
        return;
      case 'leave':
        this.leave(dirty, end.isReturn);
        return;
    }
  }

  private goTo(from: Node, offset: number, dirty: Registers, open: Open): void {
    const { f, flow, lowering, parts } = this;
    const { hart, left, page, depth } = f.params;
    const node = flow.target(from, offset);
    if (node !== undefined) {
      const label = node.index <= from.index ? open.loops.get(node) : open.after.get(node);
      if (label === undefined) this.tree(node, open);
      else f.branch(label);
      return;
    }
    this.store(dirty);
    const sibling = parts.sibling(offset);
    if (sibling !== undefined)
      f.if(i32.gtS(left, i32.const(0)), () => f.tailCall(sibling, { hart, left, page, depth }));
    f.tailCall(parts.enter, { hart, left, pc: lowering.address(offset), depth });
  }

  /** A call of the guest's is one in WebAssembly; where it comes back to anything else than the next instruction, so does this region. */
  private call(from: Node, { to, by, next }: CallEnd, dirty: Registers, open: Open): void {
    const { f, lowering, parts, flow } = this;
    const { hart, left, page, depth } = f.params;
    const target = to === undefined ? lowering.target : lowering.address(to);
    if (target === undefined) throw new Error('a jump has a target');
    this.store(dirty);
    f.if(i32.eqz(depth), () => this.leaveTo(target), undefined, 'unlikely');
    const deeper = i32.sub(depth, i32.const(1));
    const status = f.local('status', 'i64');
    const enter = (): void => f.set(status, f.call(parts.enter, { hart, left, pc: target, depth: deeper }));
    const likely = by === undefined ? to : parts.likelyTarget(by);
    const sibling = likely === undefined ? undefined : parts.sibling(likely);
    const hasLeft = i32.gtS(left, i32.const(0));
    if (sibling === undefined || likely === undefined) enter();
    else
      f.if(
        by === undefined ? hasLeft : i32.and(hasLeft, i64.eq(target, lowering.address(likely))),
        () => f.set(status, f.call(sibling, { hart, left, page, depth: deeper })),
        enter,
        'likely',
      );
    const elsewhere = i64.ne(i64.load(hart, fields.pc.offset), lowering.address(next));
    f.if(i32.or(needsStep(status), elsewhere), () => f.return(status), undefined, 'unlikely');
    f.set(left, leftOf(status));
    const node = flow.target(from, next);
    if (node !== undefined) this.load(this.use.live(node));
    this.goTo(from, next, 0, open);
  }

  /** Whoever called knows where it wants to go on; nobody knows that of any other jump. */
  private leave(dirty: Registers, isReturn: boolean): void {
    const { f, lowering, parts } = this;
    const { hart, left, depth } = f.params;
    const { target } = lowering;
    if (target === undefined) throw new Error('a jump has a target');
    this.store(dirty);
    if (isReturn) this.leaveTo(target);
    else f.tailCall(parts.enter, { hart, left, pc: target, depth });
  }

  private leaveTo(pc: I64): void {
    const { hart, left } = this.f.params;
    this.f.store(hart, pc, fields.pc.offset);
    this.f.return(i64.extendI32U(left));
  }
  /** `at`: the offset where to go on, with or without the flag. */
  private leaveEarly(at: number): void {
    if (this.places === undefined) throw new Error('a region is left from inside');
    this.blocks.count();
    this.f.set(this.at, i32.const(at));
    this.f.branch(this.places.label(this.blocks.dirty));
  }

  private load(registers: Registers): void {
    const { hart } = this.f.params;
    for (const number of registersOf(registers))
      this.f.set(this.lowering.register(number), i64.load(hart, fields.x.at(0, number)));
  }
  private store(registers: Registers): void {
    const { hart } = this.f.params;
    for (const number of registersOf(registers))
      this.f.store(hart, this.lowering.register(number), fields.x.at(0, number));
  }
}
