import { describe, expect, it } from 'vitest';
import { checkImage } from '../../../kernel/fs/check-image.js';
import { put32, readSuperblock } from '../../../kernel/fs/format.js';
import { mkfs } from '../../../kernel/fs/mkfs.js';
import { BSIZE } from '../../../kernel/params.js';
import { Op } from '../../../src/memory/trace-event.js';
import { DiskMachine, pattern } from '../../support/disk-machine.js';

const before = mkfs([{ name: 'a', data: pattern(100) }], { blocks: 100, inodes: 20 });
const { logstart } = readSuperblock(before.subarray(BSIZE));
const HEADER = logstart * BSIZE;

function change({ files }: DiskMachine): void {
  files.fs.transaction(() => {
    const root = files.fs.root();
    files.fs.unlink('a', root);
    files.fs.link('b', 'c', root);
    const ip = files.fs.create('d', root, 2, 0, 0);
    files.fs.writei(ip, 0, pattern(3000));
  });
}

/** `before` with the blocks in its log that `change` would write, and a header that says how many are there. */
function withLog(count?: number): Uint8Array {
  const machine = DiskMachine.mounted(before);
  change(machine);
  const after = machine.image();
  const image = before.slice();
  let tail = 0;
  for (let block = logstart + 30; block < image.length / BSIZE; block++) {
    const bytes = after.subarray(block * BSIZE, (block + 1) * BSIZE);
    if (Buffer.compare(bytes, before.subarray(block * BSIZE, (block + 1) * BSIZE)) === 0) continue;
    image.set(bytes, HEADER + (1 + tail) * BSIZE);
    put32(image, HEADER + 4 + 4 * tail, block);
    tail++;
  }
  put32(image, HEADER, count ?? tail);
  return image;
}

/** `old`: as before the change; `new`: as after it; anything else says what it is instead. */
function stateOf({ files }: DiskMachine): string {
  const [a, d] = [files.read('a'), files.read('d')];
  if (a !== undefined && d === undefined) return a.length === 100 ? 'old' : 'a is torn';
  if (a !== undefined || d === undefined) return 'half of each';
  return Buffer.compare(d, pattern(3000)) === 0 ? 'new' : 'd is torn';
}

describe('the log', () => {
  it('that was committed is installed at mount', () => {
    const image = withLog();
    expect(checkImage(image)).toBeUndefined();
    const machine = DiskMachine.mounted(image);
    expect(stateOf(machine)).toBe('new');
    expect(machine.damage()).toBeUndefined();
    expect(machine.image().subarray(HEADER, HEADER + 4)).toEqual(new Uint8Array(4));
  });

  it('that was not committed is not', () => {
    const machine = DiskMachine.mounted(withLog(0));
    expect(stateOf(machine)).toBe('old');
    expect(machine.damage()).toBeUndefined();
  });

  it('makes a change all or nothing, wherever the hart dies that makes it', () => {
    const states: string[] = [];
    for (let writes = 0, died = true; died; writes++) {
      const machine = DiskMachine.mounted(before);
      const { disk } = machine.layout;
      let left = writes;
      machine.access.watcher = (op, address) => {
        const writing = op === Op.Store || op === Op.BulkWrite;
        if (writing && address >= disk && address < disk + before.length && left-- === 0) throw new Error('died');
      };
      died = false;
      try {
        change(machine);
      } catch (error) {
        if (!(error instanceof Error) || error.message !== 'died') throw error;
        died = true;
      }
      const image = machine.image();
      expect(checkImage(image)).toBeUndefined();
      states.push(stateOf(DiskMachine.mounted(image)));
    }
    // Blocks and their numbers go to the log, then the count; then the blocks go to their places, and the count again.
    const blocks = (states.length - 3) / 3;
    expect(blocks).toBeGreaterThan(5);
    expect(states).toEqual([
      ...Array.from({ length: 2 * blocks + 1 }, () => 'old'),
      ...Array.from({ length: blocks + 2 }, () => 'new'),
    ]);
  });

  it('is not touched by a transaction that changes nothing', () => {
    const machine = DiskMachine.mounted(before);
    let writes = 0;
    machine.access.watcher = (op, address) => {
      if ((op === Op.Store || op === Op.BulkWrite) && address >= machine.layout.disk) writes++;
    };
    const { files } = machine;
    files.fs.transaction(() => files.fs.iput(files.fs.root()));
    // The count of references, up and down.
    expect(writes).toBe(2);
    expect(machine.image()).toEqual(before);
  });
});
