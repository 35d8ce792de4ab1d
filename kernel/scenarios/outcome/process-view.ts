import type { Fact } from '../../../src/explore/outcome.js';
import { isLeaf, PAGE_SIZE, Pte, pageRoundUp, ptePa } from '../../../src/isa/sv39.js';
import { walkTables } from '../../../src/isa/sv39-walk.js';
import type { SharedAccess } from '../../../src/memory/access.js';
import { KERNBASE } from '../../../src/memory/map.js';
import { clock } from '../../layout.js';
import { cpu } from '../../process/cpu.js';
import { ProcState, proc, trapframe } from '../../process/proc-struct.js';
import { Sys } from '../../trap/syscall.js';
import type { Stage } from '../stage.js';
import { contentText, hex } from './content-text.js';

const { state, xstate, chan, killed, restarting, pagetable, sz } = proc.fields;
const REGISTERS = 32;
const A0 = 10;
const A7 = 17;
const ZEROS = contentText(new Uint8Array(PAGE_SIZE));

/** What a process is to itself and to its parent: its state, its registers, its memory. Frames and slots are not told. */
export class ProcessView {
  private readonly texts = new Map<number, string>();

  /** @param atStart what is in frames that nobody has written since the run began: remembered from run to run */
  constructor(
    private readonly mem: SharedAccess,
    private readonly stage: Stage,
    private readonly isWritten: (frame: number) => boolean,
    private readonly atStart: Map<number, string>,
  ) {}

  /** @param nameOf the name of the process with a pid, if there is one */
  *facts(p: number, name: string, nameOf: (pid: number) => string | undefined): Generator<Fact> {
    yield { about: 'state of a process', of: name, is: this.stateText(p) };
    if (!this.isAlive(p)) return;
    const [returned, others] = this.registers(p, nameOf);
    yield { about: 'what a call returned', of: name, is: returned };
    yield { about: 'registers', of: name, is: others };
    for (const { va, text } of this.pages(p)) yield { about: 'content of a page', of: `${name}, ${hex(va)}`, is: text };
    yield { about: 'size of a process', of: name, is: hex(sz.load(this.mem, p)) };
  }

  /** What tells new children of one parent from one another. */
  describe(p: number): string {
    if (!this.isAlive(p)) return this.stateText(p);
    const pages = [...this.pages(p)].map(({ va, text }) => `${hex(va)} ${text}`);
    return [this.stateText(p), ...this.registers(p, () => undefined), ...pages].join(', ');
  }

  isAlive(p: number): boolean {
    const now = state.load(this.mem, p);
    return now !== ProcState.Unused && now !== ProcState.Zombie;
  }

  /** Whether it has a hart, or waits for one, is nothing that a user could tell. */
  private stateText(p: number): string {
    const { mem } = this;
    const now = state.load(mem, p);
    const doomed = killed.load(mem, p) === 0 ? '' : ', killed';
    switch (now) {
      case ProcState.Zombie:
        return `exited with ${xstate.load(mem, p)}`;
      case ProcState.Used:
        return 'half made';
      case ProcState.Sleeping:
        return `sleeps ${this.channelText(p)}${doomed}`;
      case ProcState.Running: {
        const harts = this.stage.layout.cpus.filter((hart) => cpu.fields.proc.load(mem, hart) === p).length;
        if (harts !== 1) return `runs on ${harts} harts${doomed}`;
        return `runs${doomed}`;
      }
      default:
        return `${restarting.load(mem, p) === 0 ? 'runs' : 'is to go on with its call'}${doomed}`;
    }
  }

  private channelText(p: number): string {
    const { layout } = this.stage;
    const channel = chan.load(this.mem, p);
    if (channel === p) return 'in wait';
    if (channel === layout.clock + clock.fields.ticks.offset) return 'until a tick';
    return 'for a pipe or the console';
  }

  /** What its last call returned, and the rest. */
  private registers(p: number, nameOf: (pid: number) => string | undefined): [string, string] {
    const { mem, stage } = this;
    const hart = stage.layout.cpus.findIndex((one) => cpu.fields.proc.load(mem, one) === p);
    const frame = proc.fields.trapframe.at(p);
    const { x, epc } = trapframe.fields;
    const user = stage.users[hart]?.hart;
    const value = (i: number) => (user === undefined ? mem.load32(x.at(frame, i)) : toWord(user.getX(i)));
    const pc = user === undefined ? epc.load(mem, frame) : Number(user.pc);
    const a0 = value(A0) | 0;
    const child = value(A7) === Sys.fork && a0 > 0 ? (nameOf(a0) ?? 'the pid of nobody') : String(a0);
    const others = Array.from({ length: REGISTERS }, (_, i) => i).filter((i) => i !== A0 && value(i) !== 0);
    return [child, [`pc ${hex(pc)}`, ...others.map((i) => `x${i} ${hex(value(i))}`)].join(', ')];
  }

  private *pages(p: number): Generator<{ readonly va: number; readonly text: string }> {
    const { mem, stage } = this;
    const { firstFrame, config } = stage.layout;
    const root = pagetable.load(mem, p);
    if (root === 0) return;
    const found: { va: number; text: string }[] = [];
    const isFrame = (pa: number) => pa % PAGE_SIZE === 0 && pa >= firstFrame && pa < config.physTop;
    const there = new Set<number>();
    // Of a table that leads to itself, so many levels are walked and no more.
    walkTables(
      mem,
      root,
      ({ pte, level, va }) => {
        if (level > 0 && !isLeaf(pte)) return;
        there.add(va);
        const rights = `${(pte & Pte.U) === 0 ? 'not for users, ' : ''}${(pte & Pte.X) === 0 ? '' : 'executable, '}`;
        const pa = ptePa(pte);
        found.push({
          va,
          text: rights + (isFrame(pa) ? this.contentOf(pa) : pa < KERNBASE ? 'a device' : 'no memory'),
        });
      },
      isFrame,
    );
    // To a user, a page that was promised and one that was filled are the same.
    const end = this.stage.lazySbrk ? pageRoundUp(sz.load(mem, p)) : 0;
    for (let va = 0; va < end; va += PAGE_SIZE) if (!there.has(va)) found.push({ va, text: ZEROS });
    yield* found;
  }

  private contentOf(frame: number): string {
    const texts = this.isWritten(frame) ? this.texts : this.atStart;
    let text = texts.get(frame);
    if (text === undefined) {
      text = contentText(this.mem.read(frame, PAGE_SIZE));
      texts.set(frame, text);
    }
    return text;
  }
}

function toWord(value: bigint): number {
  return Number(BigInt.asUintN(32, value));
}
