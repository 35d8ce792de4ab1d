import { RandomNumbers } from '../../../src/schedule/random-numbers.js';
import { DiskMachine } from '../../support/disk-machine.js';
import type { HartWork } from '../../support/threads.js';

export interface ParallelFiles {
  readonly blocks: number;
  readonly operations: number;
}

/**
 * One hart of parallel.test.ts: makes, writes, reads, links and removes a few files and directories that all harts
 * know. A write fills a file with one byte in one transaction, so a read must find one byte only.
 */
const NAMES = ['a', 'b', 'd', 'd/a', 'd/b', 'e', 'e/d', 'e/d/a'];
const SIZE = 3500;

/** Thread entry (piscina). */
export default function useFiles({ memory, hart, data }: HartWork<ParallelFiles>): void {
  const machine = new DiskMachine({ blocks: data.blocks, attach: memory, harts: memory.config.harts });
  const files = machine.harts[hart]!;
  const { fs } = files;
  const random = new RandomNumbers(7, hart);
  const name = () => NAMES[random.below(NAMES.length)]!;

  function write(path: string): void {
    const root = fs.root();
    const ip = fs.create(path, root, 2, 0, 0);
    if (ip !== 0) {
      fs.itrunc(ip);
      fs.writei(ip, 0, new Uint8Array(SIZE).fill(random.below(256)));
      fs.iput(ip);
    }
    fs.iput(root);
  }

  /** Reads the file while it has no name any more, if nobody is quicker. */
  function read(path: string): void {
    const ip = files.open(path);
    if (ip === 0) return;
    if (random.below(2) === 0) files.unlink(path);
    const seen = fs.transaction(() => (fs.typeOf(ip) === 2 ? fs.readi(ip, 0, SIZE) : new Uint8Array(0)));
    files.close(ip);
    if (new Set(seen).size > 1) throw new Error(`hart ${hart} read half a write of ${path}`);
  }

  for (let count = 0; count < data.operations; count++) {
    switch (random.below(5)) {
      case 0:
        files.mkdir(name());
        break;
      case 1:
        files.unlink(name());
        break;
      case 2:
        files.link(name(), name());
        break;
      case 3:
        fs.transaction(() => write(name()));
        break;
      default:
        read(name());
    }
  }
}
