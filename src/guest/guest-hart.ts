import type { SubjectHart } from '../explore/subject.js';
import type { Engine } from '../hart/engine.js';
import { Hart } from '../hart/hart.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import type { ControlledAccess } from '../schedule/controlled-access.js';
import { BulkCalls } from './bulk-calls.js';
import { FailingAllocations } from './failing-allocations.js';
import type { FreeLists } from './free-list.js';
import { GuestBoard } from './guest-board.js';
import type { GuestConfig } from './guest-config.js';
import { GuestCpu } from './guest-cpu.js';
import type { GuestKernel } from './guest-kernel.js';
import { guestStack } from './guest-names.js';
import { GuestProbes, textAt } from './guest-probes.js';
import { ControlledGuestRun } from './guest-run.js';
import { GuestTranslation } from './guest-translation.js';
import { WatchedWords } from './watched-words.js';

/** One hart of a guest's kernel on its own thread, ready to play its part again and again. */
export class GuestHart implements SubjectHart {
  private lists: FreeLists | undefined;

  constructor(
    private readonly memory: SharedMemory,
    private readonly id: number,
    private readonly config: GuestConfig,
    private readonly kernel: GuestKernel,
    private readonly access: ControlledAccess,
    private readonly engine: Engine,
  ) {}

  /** With new objects for every run: what they remember of a run that was cut short must not tell in the next. */
  play(): void {
    const { memory, access, kernel, engine } = this;
    const harts = memory.map.harts.map((_, id) => new Hart(id, memory, engine));
    const hart = harts[this.id]!;
    const watched = new WatchedWords(memory);
    let over = false;
    const board = new GuestBoard(
      memory,
      this.config.virtio,
      {
        prompted: () => {
          over = true;
        },
        finished: () => {
          over = true;
        },
        deviceWrote: (address, bytes) => {
          watched.changed(address, bytes);
          access.deviceWrote(address, bytes);
        },
      },
      this.config.scenario !== null,
    );
    // The heads of the lists are where they are for good; the first run begins where all do.
    this.lists ??= kernel.freeLists(memory);
    const { lists } = this;
    const translation = new GuestTranslation(hart);
    const { functions } = kernel.profile;
    const text = (va: number) => {
      const pa = translation.translate(va, false)?.pa;
      return pa === undefined ? undefined : textAt(memory.ram, pa, memory.map.physTop);
    };
    const probes = new GuestProbes(hart, access, functions, lists, text);
    access.guestStack = () => guestStack(hart, kernel.symbols, translation);
    const idle = functions
      .filter(({ role }) => role === 'idle')
      .map(({ address, size }) => ({ start: address, end: address + size }));
    const cpu = new GuestCpu(hart, board);
    const bulk = new BulkCalls(hart, access, translation, watched, functions);
    const failing = new FailingAllocations(hart, access, this.config.scenario === null ? [] : functions);
    const own = kernel.ownDataOf(this.id);
    const isOver = () => over;
    new ControlledGuestRun({
      cpu,
      board,
      harts,
      access,
      translation,
      probes,
      lists,
      bulk,
      failing,
      watched,
      own,
      idle,
      isOver,
    }).run();
  }
}
