import { MAXVA, PAGE_SIZE } from '../../../src/isa/sv39.js';
import { PIPESIZE } from '../../files/pipe.js';
import { SBRK_EAGER } from '../../trap/sys-proc.js';
import { DATA, GUARD, STACK_TOP, TEXT } from '../stage.js';
import type { User } from '../user.js';
import { BUFFER, CREATE, Fd, PROMISED, PROMISED_BYTES, READ_WRITE, Text } from './words.js';

/**
 * What an operation takes, and a start state may have; `ends`: a pipe of which each player has one end; `idle`: a hart without
 * a player.
 */
export type Thing =
  | 'reader'
  | 'writer'
  | 'ends'
  | 'disk'
  | 'console'
  | 'sleeper'
  | 'clock'
  | 'promise'
  | 'bounds'
  | 'idle';

/** One thing that a player does. */
export interface Operation {
  readonly name: string;
  /** With the player for its subject. */
  readonly summary: string;
  readonly takes?: Thing;
  /** @param other pid of the other player */
  play(user: User, other: number): void;
}

/** s2: where a process keeps what it has read from memory. */
const KEPT = 18;
const BYTES = 24;
/** What a process gives back with it: its data and its stack. */
const ABOVE_DATA = STACK_TOP - DATA;
const STATUS = 7;
/** What each player writes, by its hart. */
const MARK = 10;

/** s2 gets one more than the word, so that a zero shows. */
function keep(user: User, va: number): void {
  const value = user.load(va);
  if (value !== undefined) user.hart.setX(KEPT, BigInt(value + 1));
}

/** A call after which there is something else in a page, and a look at it: by a translation that may be older. */
function told(user: User, ...call: Parameters<User['call']>): void {
  const { process } = user;
  user.call(...call);
  if (user.process === process) keep(user, BUFFER);
}

/** Whoever there is beside players that are pid 2 and pid 3: one that sleeps, a zombie, or one that is only being made. */
const THIRD = 4;
/** What a player leaves in a register before it gives up its hart, by its hart. */
const REGISTER = 4711;

/** Add new operations here. */
export const operations: readonly Operation[] = [
  { name: 'fork', summary: 'forks', play: (user) => user.call('fork') },
  { name: 'exit', summary: 'exits', play: (user) => user.call('exit', STATUS) },
  {
    name: 'wait',
    summary: 'waits for a child, whose status goes to a page that is shared, and looks there',
    play: (user) => told(user, 'wait', BUFFER),
  },
  { name: 'kill', summary: 'kills the other', play: (user, other) => user.call('kill', other) },
  { name: 'grow', summary: 'takes a page', play: (user) => user.call('sbrk', PAGE_SIZE, SBRK_EAGER) },
  { name: 'shrink', summary: 'gives its pages back', play: (user) => user.call('sbrk', -ABOVE_DATA) },
  { name: 'write', summary: 'writes a page', play: (user) => user.store(DATA, MARK + user.hart.id) },
  { name: 'read', summary: 'reads a page', play: (user) => keep(user, DATA) },
  {
    name: 'fork-write',
    summary: 'forks, and writes a page',
    play(user) {
      const { process } = user;
      user.call('fork');
      if (user.process === process) user.store(DATA, MARK + user.hart.id);
    },
  },
  {
    name: 'wait-fork',
    summary: 'waits for a child, and forks, which makes use of the slot',
    play(user) {
      const { process } = user;
      user.call('wait', 0);
      if (user.process === process) user.call('fork');
    },
  },
  {
    name: 'kill-third',
    summary: 'kills whoever has the next pid: nobody, one that is being made, or one that is gone',
    play: (user) => user.call('kill', THIRD),
  },
  {
    name: 'yield',
    summary: 'is interrupted by the timer, with something in a register',
    play(user) {
      user.hart.setX(KEPT, BigInt(REGISTER + user.hart.id));
      user.interrupt();
    },
  },
  { name: 'take', summary: 'is a hart that looks for work', takes: 'idle', play: (user) => user.interrupt() },
  {
    name: 'pipe',
    summary: 'makes a pipe, whose descriptors go to a page that is shared',
    play: (user) => told(user, 'pipe', BUFFER),
  },
  { name: 'sleep', summary: 'sleeps until a tick', play: (user) => user.call('sleep', 1) },

  {
    name: 'tick',
    summary: 'is interrupted by a tick of the clock',
    takes: 'clock',
    play: (user) => user.tick(),
  },
  { name: 'uptime', summary: 'asks for the time', takes: 'clock', play: (user) => user.call('uptime') },

  {
    name: 'write-text',
    summary: 'writes to its text',
    takes: 'bounds',
    play: (user) => user.store(TEXT, MARK + user.hart.id),
  },
  {
    name: 'write-guard',
    summary: 'writes to the guard page below its stack',
    takes: 'bounds',
    play: (user) => user.store(GUARD, MARK + user.hart.id),
  },
  {
    name: 'write-above',
    summary: 'writes to the first address that no page table can map',
    takes: 'bounds',
    play: (user) => user.store(MAXVA, MARK + user.hart.id),
  },
  {
    name: 'jump-to-data',
    summary: 'jumps into its data',
    takes: 'bounds',
    play: (user) => user.fetch(DATA),
  },

  {
    name: 'kill-sleeper',
    summary: 'kills the one that sleeps',
    takes: 'sleeper',
    play: (user) => user.call('kill', THIRD),
  },

  {
    name: 'write-new',
    summary: 'writes a page that sbrk has promised',
    takes: 'promise',
    play: (user) => user.store(PROMISED, MARK + user.hart.id),
  },
  {
    name: 'read-new',
    summary: 'reads a page that sbrk has promised',
    takes: 'promise',
    play: (user) => keep(user, PROMISED),
  },
  {
    name: 'pipe-new',
    summary: 'makes a pipe, whose descriptors go to a page that sbrk has promised',
    takes: 'promise',
    play: (user) => user.call('pipe', PROMISED),
  },
  {
    name: 'shrink-new',
    summary: 'gives the pages back that sbrk has promised',
    takes: 'promise',
    play: (user) => user.call('sbrk', -PROMISED_BYTES, SBRK_EAGER),
  },

  {
    name: 'receive',
    summary: 'reads from the pipe into a page that is shared',
    takes: 'reader',
    play: (user) => told(user, 'read', Fd.read, BUFFER, BYTES),
  },
  {
    name: 'send',
    summary: 'writes to the pipe from a page that is shared',
    takes: 'writer',
    play: (user) => user.call('write', Fd.write, DATA, BYTES),
  },
  {
    name: 'send-much',
    summary: 'writes more than a pipe holds',
    takes: 'ends',
    play: (user) => user.call('write', Fd.write, DATA, PIPESIZE + BYTES),
  },
  {
    name: 'close-reader',
    summary: 'closes its reading end of the pipe',
    takes: 'reader',
    play: (user) => user.call('close', Fd.read),
  },
  {
    name: 'close-writer',
    summary: 'closes its writing end of the pipe',
    takes: 'writer',
    play: (user) => user.call('close', Fd.write),
  },
  {
    name: 'dup',
    summary: 'duplicates its reading end of the pipe',
    takes: 'reader',
    play: (user) => user.call('dup', Fd.read),
  },

  {
    name: 'exec',
    summary: 'runs another program',
    takes: 'disk',
    play: (user) => user.call('exec', Text.program, Text.argv),
  },
  {
    name: 'open',
    summary: 'opens the file by one of its names',
    takes: 'disk',
    play: (user) => user.call('open', Text.file, READ_WRITE),
  },
  {
    name: 'create',
    summary: 'creates a file',
    takes: 'disk',
    play: (user) => user.call('open', Text.newName, CREATE | READ_WRITE),
  },
  {
    name: 'read-file',
    summary: 'reads from the open file into a page that is shared',
    takes: 'disk',
    play: (user) => told(user, 'read', Fd.file, BUFFER, BYTES),
  },
  {
    name: 'write-file',
    summary: 'writes to the open file from a page that is shared',
    takes: 'disk',
    play: (user) => user.call('write', Fd.file, DATA, BYTES),
  },
  { name: 'close-file', summary: 'closes the open file', takes: 'disk', play: (user) => user.call('close', Fd.file) },
  {
    name: 'link',
    summary: 'gives the file a third name',
    takes: 'disk',
    play: (user) => user.call('link', Text.file, Text.newName),
  },
  {
    name: 'unlink',
    summary: 'takes the file one of its names',
    takes: 'disk',
    play: (user) => user.call('unlink', Text.file),
  },
  { name: 'mkdir', summary: 'makes a directory', takes: 'disk', play: (user) => user.call('mkdir', Text.directory) },

  {
    name: 'type',
    summary: 'is interrupted by a line that is typed',
    takes: 'console',
    play: (user) => user.type('y\n'),
  },
  {
    name: 'read-console',
    summary: 'reads a byte of the line that was typed',
    takes: 'console',
    play: (user) => told(user, 'read', Fd.file, BUFFER, 1),
  },
];
