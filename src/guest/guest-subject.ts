import { basename } from 'node:path';
import type { Lock, Names, Subject } from '../explore/subject.js';
import type { Engine } from '../hart/engine.js';
import { boardBlock, EndCode } from '../machine/virt-board.js';
import { Question } from '../memory/access.js';
import { KERNBASE, PGSIZE } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { Snapshot } from '../memory/snapshot.js';
import type { Complaint } from '../races/finding.js';
import type { ObserverContext } from '../races/observer.js';
import type { AddressSpaces } from './address-spaces.js';
import { bootGuest } from './boot-guest.js';
import { type FreeFrames, FreeLists, type FreeNow } from './free-list.js';
import { diskPagesWritten, guestBlock, spacesOf } from './guest-block.js';
import { type GuestConfig, readGuestFile } from './guest-config.js';
import type { GuestKernel } from './guest-kernel.js';
import { GuestNames } from './guest-names.js';
import { WRONGS } from './kernel-scenarios.js';
import { PageTableView } from './page-table-view.js';
import { outputOf } from './quiet-console.js';

/** What a kernel or a test says when something is wrong. */
const BAD_LINE = /FAILED|unexpected scause|lost some free pages|panic/;
/** The same where there was no memory: that a program was killed is right then. */
const BAD_LINE_WITHOUT_MEMORY = /panic/;

const WORD = 4;

type Titled = Pick<GuestConfig, 'kernel' | 'exec' | 'scenario' | 'harts'>;

/** `kernel, 'cowtest' on 3 harts`, or `kernel, fork-write on 2 harts`. */
export function guestTitle({ kernel, exec, scenario, harts }: Titled): string {
  return `${basename(kernel.path)}, ${scenario ?? `'${exec}'`} on ${harts} ${harts === 1 ? 'hart' : 'harts'}`;
}

/** `kernel-cowtest`: a part of a file's name. */
export function guestLabel({ kernel, exec, scenario }: Omit<Titled, 'harts'>): string {
  const word = (text: string) => text.replaceAll(/[^\w.]+/g, '-').replaceAll(/^-|-$/g, '');
  return [basename(kernel.path), scenario ?? exec].map(word).join('-');
}

/** A guest's kernel, booted to where a command begins what it does. */
export class GuestSubject implements Subject {
  readonly title: string;
  readonly questions: readonly Question[];
  /** Guest code does more than its trace tells. */
  readonly traceTellsAll = false;
  readonly untraced = [];
  private readonly lists: FreeLists;
  private readonly freeAtStart: ReadonlySet<number>;
  private readonly orderAtStart: FreeFrames;
  private readonly freeAtPrompt: ReadonlySet<number>;
  private readonly view: PageTableView;
  private readonly spaces: AddressSpaces;
  /** Roots of those that have nothing for a program: the kernel's own, which map all of RAM and take long to look through. */
  private readonly kernelSpaces: ReadonlySet<number>;
  private readonly devices: Snapshot;
  private readonly disk: Snapshot;

  /** Throws SubjectError when the kernel does not come to where runs can begin. */
  constructor(
    readonly memory: SharedMemory,
    private readonly config: GuestConfig,
    private readonly kernel: GuestKernel,
    engine: (hart: number) => Engine,
  ) {
    const { host, map } = memory;
    this.title = guestTitle(config);
    this.questions = config.scenario === null ? [Question.TimerFires] : [Question.TimerFires, Question.AllocationFails];
    const disk = config.disk === null ? undefined : readGuestFile('disk', config.disk);
    const { freeAtPrompt } = bootGuest(memory, kernel.image, disk, config, engine, () =>
      kernel.freeLists(memory).frames(),
    );
    this.freeAtPrompt = freeAtPrompt;
    this.lists = kernel.freeLists(memory);
    this.freeAtStart = this.lists.frames();
    this.orderAtStart = this.lists.remember();
    this.view = new PageTableView(memory);
    this.spaces = spacesOf(memory);
    const alive = this.spaces.takeStock((frame) => this.freeAtStart.has(frame));
    this.kernelSpaces = new Set(alive.filter((root) => !this.view.pages(root).some(({ isUsers }) => isUsers)));
    this.devices = new Snapshot(host, map.devices, guestBlock.size);
    this.disk = new Snapshot(host, map.disk, config.disk?.bytes ?? 0);
  }

  /** Whoever allocates or frees writes them, so that nobody does unnoticed. */
  get contended(): readonly number[] {
    return [...this.lists.heads].flatMap((head) => [head, head + WORD]);
  }

  names(): Names {
    return new GuestNames(this.kernel);
  }

  /** By its name alone: `kmem.lock.locked` is a word of `kmem.lock`. */
  lockAt(address: number): Lock | undefined {
    if (address >= this.kernel.end) return undefined;
    const [, name] = /^(.*)\.(?:locked|cpu)$/.exec(this.kernel.symbols.describeData(address)) ?? [];
    return name === undefined ? undefined : { name, holder: () => undefined };
  }

  context(): ObserverContext {
    const { memory, kernel } = this;
    const names = this.names();
    const allocator = FreeLists.allocatorOf(kernel.symbols.symbols);
    return {
      harts: memory.map.harts.length,
      ramSize: memory.map.ramSize,
      describe: (address) => names.describe(address),
      guardOf: () => undefined,
      allocatorLocks: allocator === undefined ? [] : [allocator],
      atStart: { free: this.freeAtStart, mappedBy: new Map() },
      pidsAtStart: memory.map.harts.map(() => 0),
    };
  }

  complaints(written: ReadonlySet<number>): readonly Complaint[] {
    const free = this.orderAtStart.now(written);
    return [
      ...this.badLines(),
      ...this.saidWrong(),
      ...this.lostFrames(free),
      ...this.freeAndMapped(free),
      ...this.exitStatus(),
    ];
  }

  restore(): void {
    const { map } = this.memory;
    const written = diskPagesWritten(this.memory);
    if (written === 'all') this.disk.restoreAll();
    else for (const page of written) this.disk.restorePage(map.disk + page * PGSIZE);
    this.devices.restoreAll();
  }

  private badLines(): Complaint[] {
    const text = new TextDecoder().decode(outputOf(this.memory).takeNow());
    const bad = text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => (this.lackedMemory ? BAD_LINE_WITHOUT_MEMORY : BAD_LINE).test(line));
    return bad.slice(0, 1).map((line) => ({
      kind: 'wrong-result',
      place: `the console: ${line.replaceAll(/0x[0-9a-f]+|\d+/gi, 'n')}`,
      summary: `the console says '${line}'`,
    }));
  }

  private get lackedMemory(): boolean {
    return guestBlock.fields.failedAllocations.load(this.memory.host, this.memory.map.devices) > 0;
  }

  private get isDone(): boolean {
    return guestBlock.fields.isDone.load(this.memory.host, this.memory.map.devices) === 1;
  }

  /** What the program of a scenario has found wrong itself; that it did not come to its end, unless there was no memory for it. */
  private saidWrong(): Complaint[] {
    const { scenario } = this.config;
    if (scenario === null) return [];
    const { host, map } = this.memory;
    const said = guestBlock.fields.wrong.load(host, map.devices);
    const what = said === 0 ? undefined : WRONGS[said - 1]!;
    const isHarm = what !== undefined && !(this.lackedMemory && what.isOfKilled);
    if (isHarm) return [{ kind: 'wrong-result', place: `${scenario}: ${what.text}`, summary: what.text }];
    if (this.isDone || this.lackedMemory) return [];
    const text = 'the program did not come to its end: it was killed';
    return [{ kind: 'wrong-result', place: `${scenario}: ${text}`, summary: text }];
  }

  /** Between two prompts, and from the beginning to the end of a scenario's program, nothing is allocated for good. */
  private lostFrames(free: FreeNow): Complaint[] {
    if (!this.isAtRest) return [];
    const [before, when] = this.isDone
      ? [this.freeAtStart, 'when the program is done']
      : [this.freeAtPrompt, 'at the next prompt'];
    if (free.size >= before.size) return [];
    const now = this.lists.frames();
    const lost = [...before].find((frame) => !now.has(frame)) ?? KERNBASE;
    const count = before.size - now.size;
    const frames = count === 1 ? '1 frame is' : `${count} frames are`;
    return [
      {
        kind: 'ledger',
        place: this.isDone ? 'free frames at the end' : 'free frames at the prompt',
        summary: `${frames} not free again ${when}, ${this.names().describe(lost)} among those that were`,
      },
    ];
  }

  /** A program that was killed has left children behind, which may not have come to their end. */
  private get isAtRest(): boolean {
    return this.config.scenario === null || this.isDone;
  }

  /** No address space that is alive has a free frame for its program. */
  private freeAndMapped(free: FreeNow): Complaint[] {
    if (!this.isAtRest) return [];
    const { view, spaces, kernelSpaces } = this;
    const alive = spaces.takeStock((frame) => free.has(frame)).filter((root) => !kernelSpaces.has(root));
    const pages = alive.flatMap((root) => view.pages(root).map((page) => ({ ...page, root })));
    const page = pages.find(({ isUsers, frame }) => isUsers && free.has(frame));
    if (page === undefined) return [];
    const names = this.names();
    const where = `the address space with its root in ${names.describe(page.root)} has it at 0x${page.va.toString(16)}`;
    return [
      {
        kind: 'ledger',
        place: 'a free frame in an address space',
        summary: `${names.describe(page.frame)} is free, and ${where}`,
      },
    ];
  }

  private exitStatus(): Complaint[] {
    const { host, map } = this.memory;
    const { end, status } = boardBlock.fields;
    const code = status.load(host, map.devices);
    if (end.load(host, map.devices) !== EndCode.exit || code === 0) return [];
    return [{ kind: 'wrong-result', place: 'exit status', summary: `the guest ended the machine with status ${code}` }];
  }
}
