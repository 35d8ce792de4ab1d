import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import { cons } from '../../files/console-struct.js';
import { PIPESIZE } from '../../files/pipe.js';
import { mkfs } from '../../fs/mkfs.js';
import { system } from '../../layout.js';
import { CONSOLE } from '../../params.js';
import { ProcState } from '../../process/proc-struct.js';
import { SBRK_LAZY } from '../../trap/sys-proc.js';
import { elfFile } from '../elf-file.js';
import { DATA, MORE_DATA, type Stage } from '../stage.js';
import type { User } from '../user.js';
import type { Thing } from './operations.js';
import { BUFFER, Fd, NAMES, PROMISED_BYTES, READ_WRITE, storeText, Text, TOUCHED } from './words.js';

/** Where two players are when they meet, each on its hart; init, pid 1, sleeps in wait. */
export interface Start {
  readonly name: string;
  readonly summary: string;
  readonly has: readonly Thing[];
  /** Operations that are played there, beside those that take what it has; not given: all that take nothing. */
  readonly plays?: readonly string[];
  /** Of all of those, what is played on hart 0, and on hart 1; not given: all. */
  readonly played?: readonly [readonly string[], readonly string[]];
  /**
   * What is played by three at once, on harts 0, 1 and 2, beside what two play: on a third hart, which is started once two
   * players are where they are to be, and takes up whoever waits for a hart, or is idle.
   */
  readonly three?: readonly [readonly string[], readonly string[], readonly string[]];
  readonly disk?: Uint8Array;
  readonly mayFail?: number;
  readonly abi?: string;
  /** Pids of the players, by hart; 2 and 3 when not given. */
  readonly players?: readonly [number, number];
  setup(stage: Stage): void;
}

/** Operations that say nothing new where a file or a pipe is what players meet at. */
const OF_FILES = ['fork', 'exit', 'kill', 'write'];
/** By what a third process is woken, or killed. */
const TICK_OR_KILL = ['tick', 'kill-sleeper'];
const WAKE_READER_OR_KILL = ['send', 'close-writer', 'kill-sleeper'];
const WAKE_WRITER_OR_KILL = ['receive', 'close-reader', 'kill-sleeper'];
/** Free frames where memory is short: enough for one fork, or a few pages. */
const LEFT = 4;
/** Frames that it takes to make the second player, with its page tables and what it writes. */
const TO_START = 12;
/** Of eight slots, what is left free by three processes and so many zombies is one. */
const ZOMBIES = 4;
const MARK = 1;

const program = elfFile({
  entry: 0,
  segments: [
    { vaddr: 0, fileBytes: Uint8Array.of(0x13, 0, 0, 0), memSize: PAGE_SIZE, writable: false, executable: true },
    { vaddr: DATA, fileBytes: Uint8Array.of(MARK), memSize: 2 * PAGE_SIZE, writable: true, executable: false },
  ],
});
const disk = mkfs(
  [
    { name: 'prog', data: program },
    { name: 'a', data: new TextEncoder().encode('what the file holds, of which a part is read') },
  ],
  { blocks: 56, inodes: 15 },
);

/** Init has forked the first player, which hart 0 runs, and shares only text and stack with it. `before` init sleeps. */
function startPlayer({ users }: Stage, before: (init: User) => void = () => {}): User {
  const [player, other] = users;
  player!.kernel.start(player!.hart);
  other!.kernel.start(other!.hart);
  for (const page of [DATA, MORE_DATA]) player!.store(page, MARK);
  player!.call('fork');
  for (const page of [DATA, MORE_DATA]) player!.store(page, MARK);
  before(player!);
  player!.call('wait', 0);
  for (const page of [DATA, MORE_DATA]) player!.store(page, MARK);
  for (const [at, name] of NAMES) storeText(player!, at, name);
  player!.store(Text.argv, Text.program);
  return player!;
}

function startPlayerWithConsole(stage: Stage): void {
  const player = startPlayer(stage);
  player.call('pipe', BUFFER);
  player.call('mknod', Text.newName, CONSOLE, 0);
  player.call('open', Text.newName, READ_WRITE);
  for (const fd of [Fd.read, Fd.write]) player.call('close', fd);
}

/** Init is the first player, which hart 0 runs, and its child the second, on hart 1; both have read what they share. */
function startInit({ users }: Stage): void {
  const [init, other] = users;
  init!.kernel.start(init!.hart);
  other!.kernel.start(other!.hart);
  for (const page of [DATA, MORE_DATA]) init!.store(page, MARK);
  init!.call('fork');
  other!.interrupt();
  for (const user of [init!, other!]) for (const page of [DATA, MORE_DATA]) user.load(page);
}

/** The player forks the other, which hart 1 takes up: from there they share what the first has, and both have read it. */
function startOther({ users }: Stage): void {
  const [player, other] = users;
  player!.call('fork');
  other!.interrupt();
  if (other!.process === 0) throw new Error('the second player does not run');
  for (const user of [player!, other!]) for (const page of [DATA, MORE_DATA]) user.load(page);
}

/** There may be a third hart. */
function playersIn({ users }: Stage): readonly User[] {
  return users.slice(0, 2);
}

/** A child of the player on that hart does something there, by which it leaves it, and the player is back. */
function playChild({ users }: Stage, play: (child: User) => void, hart = 0): void {
  const user = users[hart];
  const player = user!.process;
  user!.call('fork');
  user!.interrupt();
  if (user!.process === player) throw new Error('the child does not run');
  play(user!);
  // Another child may have been taken up.
  if (user!.process !== player) user!.interrupt();
  if (user!.process !== player) throw new Error('the player does not run any more');
}

function startBoth(stage: Stage): void {
  startPlayer(stage);
  startOther(stage);
}

/** Add new start states here. */
export const starts: readonly Start[] = [
  {
    name: 'shared-2',
    summary: 'parent and child share a page',
    has: [],
    plays: ['fork', 'exit', 'wait', 'kill', 'kill-third', 'grow', 'shrink', 'write', 'read', 'pipe', 'sleep'],
    setup: startBoth,
  },
  {
    name: 'bounds',
    summary: 'parent and child share a page, and their text',
    has: ['bounds'],
    plays: ['fork', 'exit', 'wait'],
    setup: startBoth,
  },
  {
    name: 'shared-3',
    summary: 'parent and child share a page with a third process, which waits for a hart',
    has: [],
    plays: ['fork', 'exit', 'wait', 'shrink', 'write', 'yield', 'kill-third'],
    three: [
      ['fork', 'wait', 'write'],
      ['fork', 'exit', 'write'],
      ['exit', 'shrink', 'write'],
    ],
    setup(stage) {
      startBoth(stage);
      stage.users[0]!.call('fork');
    },
  },
  {
    name: 'own-pages',
    summary: 'parent and child have written their pages since they shared them',
    has: [],
    plays: ['fork', 'fork-write', 'exit', 'grow', 'shrink', 'write', 'read'],
    setup(stage) {
      startBoth(stage);
      for (const user of playersIn(stage)) for (const page of [DATA, MORE_DATA]) user.store(page, MARK);
    },
  },
  {
    name: 'memory-short',
    summary: `parent and child share a page, and ${LEFT} frames are free`,
    has: [],
    plays: ['fork', 'exit', 'grow', 'shrink', 'write', 'pipe'],
    mayFail: 2,
    setup(stage) {
      const take = (init: User) => {
        while (stage.freeFrames > LEFT + TO_START) init.call('sbrk', PAGE_SIZE);
      };
      startPlayer(stage, take);
      startOther(stage);
      while (stage.freeFrames > LEFT) stage.users[1]!.call('sbrk', PAGE_SIZE);
    },
  },
  {
    name: 'promised-pages',
    summary: 'parent and child share a page between two that sbrk has promised and nobody has touched',
    has: ['promise'],
    plays: OF_FILES,
    abi: 'xv6-2025',
    setup(stage) {
      const player = startPlayer(stage);
      player.call('sbrk', PROMISED_BYTES, SBRK_LAZY);
      player.store(TOUCHED, MARK);
      startOther(stage);
    },
  },
  {
    name: 'table-full',
    summary: 'parent and child share a page, one slot of the process table is free, and the parent has zombies',
    has: [],
    plays: ['fork', 'exit', 'wait', 'kill'],
    // A fork that finds no memory has had the last slot meanwhile, so that the other finds none.
    mayFail: 1,
    setup(stage) {
      startBoth(stage);
      for (let zombie = 0; zombie < ZOMBIES; zombie++) playChild(stage, (child) => child.call('exit', zombie));
    },
  },
  {
    name: 'zombies',
    summary: 'parent and child share a page, each has a child that has exited, and init sleeps in wait',
    has: [],
    plays: ['fork', 'exit', 'wait', 'wait-fork', 'kill', 'kill-third'],
    setup(stage) {
      startBoth(stage);
      for (const hart of playersIn(stage).keys()) playChild(stage, (child) => child.call('exit', hart), hart);
    },
  },
  {
    name: 'orphans',
    summary: 'two orphans share a page, and init sleeps in wait',
    has: [],
    plays: ['fork', 'exit', 'wait', 'kill', 'write'],
    players: [4, 3],
    setup(stage) {
      startBoth(stage);
      const [user] = stage.users;
      const [init, , , second] = stage.layout.procs;
      user!.call('fork');
      user!.call('exit', 0);
      // Init wakes and reaps it, on hart 0, which then goes on with the child that it leaves.
      if (user!.process === second) user!.interrupt();
      if (user!.process !== init) throw new Error('init does not run');
      user!.call('wait', 0);
      if (user!.process !== second) throw new Error('the second orphan does not run');
    },
  },
  {
    name: 'nobody-adopts',
    summary: "parent and child share a page, each has a child that has exited, and orphans are nobody's",
    has: [],
    plays: ['fork', 'exit', 'wait', 'kill-third'],
    setup(stage) {
      startBoth(stage);
      for (const hart of playersIn(stage).keys()) playChild(stage, (child) => child.call('exit', hart), hart);
      system.fields.adopter.store(stage.memory.ram, stage.layout.system, 0);
    },
  },
  {
    name: 'init-awake',
    summary: 'init and its child share a page, and the child has a child that has exited',
    has: [],
    plays: ['fork', 'exit', 'wait', 'write'],
    played: [
      ['fork', 'wait', 'write'],
      ['fork', 'exit', 'wait'],
    ],
    players: [1, 2],
    setup(stage) {
      startInit(stage);
      playChild(stage, (child) => child.call('exit', 0), 1);
    },
  },
  {
    name: 'init-far',
    summary: 'init and the child of its child share a page, and the latter has a child that has exited',
    has: [],
    plays: ['fork', 'exit', 'wait'],
    played: [['wait', 'fork'], ['exit']],
    players: [1, 3],
    setup(stage) {
      startInit(stage);
      const [, other] = stage.users;
      other!.call('fork');
      other!.call('wait', 0);
      if (other!.process !== stage.layout.procs[2]) throw new Error('the second player does not run');
      playChild(stage, (child) => child.call('exit', 0), 1);
    },
  },
  {
    name: 'init-behind',
    summary:
      'init and its child share a page, and all other slots of the process table are zombies that init is to reap',
    has: [],
    plays: ['fork', 'exit', 'wait', 'write'],
    played: [
      ['wait', 'write'],
      ['fork', 'exit'],
    ],
    players: [1, 2],
    setup(stage) {
      startInit(stage);
      const isFree = (p: number) => stage.state(p) === ProcState.Unused;
      while (stage.layout.procs.some(isFree)) playChild(stage, (child) => child.call('exit', 0));
    },
  },
  {
    name: 'pipe-empty',
    summary: 'parent and child share both ends of an empty pipe',
    has: ['reader', 'writer'],
    plays: OF_FILES,
    setup(stage) {
      startPlayer(stage).call('pipe', BUFFER);
      startOther(stage);
    },
  },
  {
    name: 'pipe-full',
    summary: 'parent and child share both ends of a pipe that has room for a few bytes',
    has: ['reader', 'writer'],
    plays: OF_FILES,
    setup(stage) {
      const player = startPlayer(stage);
      player.call('pipe', BUFFER);
      player.call('write', Fd.write, DATA, PIPESIZE - 8);
      startOther(stage);
    },
  },
  {
    name: 'pipe-ends',
    summary: 'the parent has the writing end of an empty pipe, and its child the reading end',
    has: ['reader', 'writer', 'ends'],
    // Who is killed in the middle of a long write has done a part of it, as in no serial order.
    plays: ['exit'],
    setup(stage) {
      const [writer, reader] = stage.users;
      startPlayer(stage).call('pipe', BUFFER);
      startOther(stage);
      writer!.call('close', Fd.read);
      reader!.call('close', Fd.write);
    },
  },
  {
    name: 'two-links',
    summary: 'parent and child share an open file, which has two names',
    has: ['disk'],
    plays: OF_FILES,
    disk,
    setup(stage) {
      const player = startPlayer(stage);
      player.call('pipe', BUFFER);
      player.call('open', Text.file, READ_WRITE);
      for (const fd of [Fd.read, Fd.write]) player.call('close', fd);
      player.call('link', Text.file, Text.otherName);
      startOther(stage);
    },
  },
  {
    name: 'line-typed',
    summary: 'parent and child share the console, at which a line of two bytes was typed',
    has: ['console'],
    plays: OF_FILES,
    disk,
    setup(stage) {
      startPlayerWithConsole(stage);
      startOther(stage);
      const { buf, e, w } = cons.fields;
      const { ram } = stage.memory;
      ram.write(buf.at(stage.layout.console), new TextEncoder().encode('x\n'));
      for (const end of [e, w]) end.store(ram, stage.layout.console, 2);
    },
  },
  {
    name: 'line-awaited',
    summary: 'parent and child share the console, and a third process waits for a line to be typed there',
    has: ['console', 'sleeper'],
    plays: ['exit', 'kill'],
    disk,
    setup(stage) {
      startPlayerWithConsole(stage);
      startOther(stage);
      playChild(stage, (child) => child.call('read', Fd.file, BUFFER, 1));
    },
  },
  {
    name: 'reader-asleep',
    summary: 'parent and child share both ends of an empty pipe, from which a third process waits to read',
    has: ['reader', 'writer', 'sleeper'],
    plays: OF_FILES,
    setup(stage) {
      startPlayer(stage).call('pipe', BUFFER);
      startOther(stage);
      playChild(stage, (child) => child.call('read', Fd.read, BUFFER, 8));
    },
  },
  {
    name: 'reader-alone',
    summary: 'a third process waits to read from a pipe that only parent and child can write to',
    has: ['writer', 'sleeper'],
    plays: ['exit', 'kill'],
    three: [WAKE_READER_OR_KILL, WAKE_READER_OR_KILL, ['take']],
    setup(stage) {
      startPlayer(stage).call('pipe', BUFFER);
      startOther(stage);
      playChild(stage, (child) => {
        child.call('close', Fd.write);
        child.call('read', Fd.read, BUFFER, 8);
      });
      for (const user of playersIn(stage)) user.call('close', Fd.read);
    },
  },
  {
    name: 'writer-alone',
    summary: 'a third process waits to write to a full pipe that only parent and child can read from',
    has: ['reader', 'sleeper'],
    plays: ['exit', 'kill'],
    three: [WAKE_WRITER_OR_KILL, WAKE_WRITER_OR_KILL, ['take']],
    setup(stage) {
      const player = startPlayer(stage);
      player.call('pipe', BUFFER);
      player.call('write', Fd.write, DATA, PIPESIZE);
      startOther(stage);
      playChild(stage, (child) => {
        child.call('close', Fd.read);
        child.call('write', Fd.write, DATA, 8);
      });
      for (const user of playersIn(stage)) user.call('close', Fd.write);
    },
  },
  {
    name: 'descriptors-full',
    summary: 'parent and child share an open file, and have no file descriptor left',
    has: ['disk'],
    plays: ['pipe', 'exit'],
    played: [
      ['open', 'create', 'close-file', 'pipe', 'exit'],
      ['open', 'create', 'close-file', 'pipe', 'exit'],
    ],
    disk,
    setup(stage) {
      const player = startPlayer(stage);
      player.call('pipe', BUFFER);
      player.call('open', Text.file, READ_WRITE);
      do player.call('dup', Fd.file);
      while (player.returned >= 0);
      startOther(stage);
    },
  },
  {
    name: 'clock',
    summary: 'parent and child share a page, and a third process sleeps until the next tick',
    has: ['clock', 'sleeper'],
    plays: ['fork', 'exit', 'kill', 'sleep'],
    three: [TICK_OR_KILL, TICK_OR_KILL, ['take']],
    setup(stage) {
      startBoth(stage);
      playChild(stage, (child) => child.call('sleep', 1));
    },
  },
  {
    name: 'two-asleep',
    summary: 'two processes sleep until the next tick, and two harts are idle',
    has: ['clock', 'idle'],
    plays: [],
    played: [[], []],
    three: [['tick'], ['take'], ['take']],
    players: [2, 2],
    setup(stage) {
      startPlayer(stage);
      for (let sleeper = 0; sleeper < 2; sleeper++) playChild(stage, (child) => child.call('sleep', 1));
    },
  },
  {
    name: 'sleeper',
    summary: 'parent and child share a page, and a child of the parent sleeps in wait for a child of its own',
    has: ['sleeper'],
    plays: ['fork', 'exit', 'wait', 'kill'],
    three: [
      ['kill-sleeper', 'wait'],
      ['yield', 'write', 'kill-sleeper'],
      ['exit', 'write'],
    ],
    setup(stage) {
      startBoth(stage);
      playChild(stage, (child) => {
        child.call('fork');
        child.call('wait', 0);
      });
    },
  },
];
