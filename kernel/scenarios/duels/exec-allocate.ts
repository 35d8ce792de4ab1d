import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import { put32 } from '../../fs/format.js';
import { mkfs } from '../../fs/mkfs.js';
import { sharedPageVerdicts } from '../content.js';
import { elfFile } from '../elf-file.js';
import type { Duel } from '../scenario.js';
import { DATA, MORE_DATA } from '../stage.js';

/** What exec needs: text, two pages of data, guard and stack, and their page tables. */
const PROGRAM_FRAMES = 5 + 3;

/** "prog" as a word, little-endian, and where it and exec's array of arguments lie. */
const PATH_WORD = 0x676f_7270;
const PATH = DATA + 64;
const ARGV = DATA + 128;

/** Its data pages begin with what the process had in its own: whether exec succeeds or not, it sees the same words. */
const data = new Uint8Array(PAGE_SIZE + 4);
put32(data, 0, 1);
put32(data, PAGE_SIZE, 1);
const program = elfFile({
  entry: 0,
  segments: [
    { vaddr: 0, fileBytes: Uint8Array.of(0x13, 0, 0, 0), memSize: PAGE_SIZE, writable: false, executable: true },
    { vaddr: DATA, fileBytes: data, memSize: 2 * PAGE_SIZE, writable: true, executable: false },
  ],
});

export const execAllocate: Duel = {
  name: 'exec-allocate',
  summary:
    'one process execs a program and reads on, while another takes memory, of which there is not enough for both',
  harts: 2,
  // Exec and the first sbrk: each may have frames that the other would need.
  mayFail: 2,
  disk: mkfs([{ name: 'prog', data: program }], { blocks: 52, inodes: 15 }),
  setup(stage) {
    const [execs, takes] = stage.users;
    execs!.kernel.start(execs!.hart);
    execs!.store(DATA, 1);
    execs!.store(MORE_DATA, 1);
    execs!.store(PATH, PATH_WORD);
    execs!.store(ARGV, PATH);
    execs!.call('fork');
    takes!.kernel.start(takes!.hart);
    takes!.call('sbrk', (stage.freeFrames - PROGRAM_FRAMES - 2) * PAGE_SIZE);
    while (stage.freeFrames > PROGRAM_FRAMES) takes!.call('sbrk', PAGE_SIZE);
  },
  parts: [
    (user) => {
      user.load(DATA);
      user.call('exec', PATH, ARGV);
      user.load(DATA);
    },
    (user) => {
      user.call('sbrk', PROGRAM_FRAMES * PAGE_SIZE);
      user.call('sbrk', PAGE_SIZE);
    },
  ],
  verify: (stage) => sharedPageVerdicts(stage, [1, 1]),
};
