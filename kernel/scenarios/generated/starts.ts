import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import { cons } from '../../files/console-struct.js';
import { PIPESIZE } from '../../files/pipe.js';
import { mkfs } from '../../fs/mkfs.js';
import { CONSOLE } from '../../params.js';
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
  readonly disk?: Uint8Array;
  readonly mayFail?: number;
  readonly abi?: string;
  /** Pids of the players, by hart; 2 and 3 when not given. */
  readonly players?: readonly [number, number];
  setup(stage: Stage): void;
}

/** Operations that say nothing new where a file or a pipe is what players meet at. */
const OF_FILES = ['fork', 'exit', 'kill', 'write'];
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

/** The player forks the other, which hart 1 takes up: from there they share what the first has, and both have read it. */
function startOther({ users }: Stage): void {
  const [player, other] = users;
  player!.call('fork');
  other!.interrupt();
  if (other!.process === 0) throw new Error('the second player does not run');
  for (const user of [player!, other!]) for (const page of [DATA, MORE_DATA]) user.load(page);
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
  { name: 'shared-2', summary: 'parent and child share a page', has: [], setup: startBoth },
  {
    name: 'shared-3',
    summary: 'parent and child share a page with a third process, which waits for a hart',
    has: [],
    plays: ['fork', 'exit', 'wait', 'shrink', 'write'],
    setup(stage) {
      startBoth(stage);
      stage.users[0]!.call('fork');
    },
  },
  {
    name: 'own-pages',
    summary: 'parent and child have written their pages since they shared them',
    has: [],
    plays: ['fork', 'exit', 'grow', 'shrink', 'write', 'read'],
    setup(stage) {
      startBoth(stage);
      for (const user of stage.users) for (const page of [DATA, MORE_DATA]) user.store(page, MARK);
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
    plays: ['fork', 'exit', 'wait', 'kill'],
    setup(stage) {
      startBoth(stage);
      for (const hart of stage.users.keys()) playChild(stage, (child) => child.call('exit', hart), hart);
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
    name: 'pipe-empty',
    summary: 'parent and child share both ends of an empty pipe',
    has: ['pipe'],
    plays: OF_FILES,
    setup(stage) {
      startPlayer(stage).call('pipe', BUFFER);
      startOther(stage);
    },
  },
  {
    name: 'pipe-full',
    summary: 'parent and child share both ends of a pipe that has room for a few bytes',
    has: ['pipe'],
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
    has: ['pipe', 'ends'],
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
    has: ['pipe', 'sleeper'],
    plays: OF_FILES,
    setup(stage) {
      startPlayer(stage).call('pipe', BUFFER);
      startOther(stage);
      playChild(stage, (child) => child.call('read', Fd.read, BUFFER, 8));
    },
  },
  {
    name: 'clock',
    summary: 'parent and child share a page, and a third process sleeps until the next tick',
    has: ['clock', 'sleeper'],
    plays: ['fork', 'exit', 'kill', 'sleep'],
    setup(stage) {
      startBoth(stage);
      playChild(stage, (child) => child.call('sleep', 1));
    },
  },
  {
    name: 'sleeper',
    summary: 'parent and child share a page, and a child of the parent sleeps in wait for a child of its own',
    has: ['sleeper'],
    plays: ['fork', 'exit', 'wait', 'kill'],
    setup(stage) {
      startBoth(stage);
      playChild(stage, (child) => {
        child.call('fork');
        child.call('wait', 0);
      });
    },
  },
];
