import { describe, expect, it } from 'vitest';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { BUFFER, DiskUser, disk } from '../../support/disk-user.js';
import { elfImage } from '../../support/elf-image.js';
import { DATA } from '../../support/kernel-machine.js';

const program = elfImage({
  segments: [
    { vaddr: 0n, memSize: 5000n },
    { vaddr: 8192n, flags: 6, memSize: 9000n },
  ],
});

/**
 * Does `attempt` again and again, with one more allocation that succeeds each time, until it succeeds; how often it
 * failed. Each failure must have changed nothing.
 */
function failures(user: DiskUser, attempt: () => boolean): number {
  const { machine } = user;
  const free = machine.statistics().freePages;
  for (let allowed = 0; ; allowed++) {
    machine.allocations = allowed;
    const succeeded = attempt();
    machine.allocations = Number.POSITIVE_INFINITY;
    expect(machine.violations()).toEqual([]);
    if (succeeded) return allowed;
    expect(machine.statistics().freePages).toBe(free);
  }
}

describe.each(designs.map(({ name }) => name))(
  'when memory runs out, wherever it does, nothing is lost: %s',
  (design) => {
    const booted = () => DiskUser.booted({ design, disk: disk([{ name: 'prog', data: program }]) });

    it('exec', () => {
      const user = booted();
      const pc = user.machine.harts[0]!.pc;
      let calls = 0n;
      const failed = failures(user, () => {
        user.put(DATA, 'the old program');
        calls++;
        user.exec('prog', ['prog', 'x']);
        if (user.machine.a0(0) === 2) return true;
        expect(user.machine.a0(0)).toBe(-1);
        expect(user.machine.harts[0]!.pc).toBe(pc + 4n * calls);
        expect(user.letters(DATA + 5, 10)).toBe('ld program');
        return false;
      });
      // Root, two tables, five pages, guard and stack.
      expect(failed).toBe(10);
    });

    it('pipe', () => {
      const user = booted();
      expect(failures(user, () => user.result(Sys.pipe, BUFFER) === 0)).toBe(1);
      expect(user.ints(BUFFER, 2)).toEqual([3, 4]);
    });

    it('fork of a process with files: they are closed when it closes them', () => {
      const user = booted();
      const [reader, writer] = user.pipe();
      user.open('f', 0x202);
      user.unlink('f');
      const failed = failures(user, () => {
        const pid = user.result(Sys.fork);
        expect(pid).not.toBe(0);
        return pid > 0;
      });
      expect(failed).toBeGreaterThan(2);
      const free = user.machine.statistics().freePages;
      user.close(reader);
      user.close(writer);
      user.close(5);
      expect(user.machine.statistics().freePages).toBe(free);
      // The child has what the parent had.
      const parent = user.machine.runningPid(0);
      user.machine.call(0, Sys.wait, 0);
      expect(user.machine.runningPid(0)).toBe(parent + 1 + failed);
      expect(user.write(writer, 'x')).toBe(1);
      user.machine.call(0, Sys.exit, 0);
      expect(user.machine.statistics().freePages).toBeGreaterThan(free);
      expect(user.machine.violations()).toEqual([]);
      expect(user.open('f', 0x200)).toBe(3);
      expect(user.fstat(3).ino).toBe(3);
    });

    it('a copy of the page that a read writes to', () => {
      const user = booted();
      const [reader, writer] = user.pipe();
      user.write(writer, 'abc');
      user.put(DATA, 'before');
      user.result(Sys.fork);
      user.machine.allocations = 0;
      const got = user.result(Sys.read, reader, DATA, 3);
      user.machine.allocations = Number.POSITIVE_INFINITY;
      if (design === 'eager') expect(got).toBe(3);
      else {
        expect(got).toBe(-1);
        expect(user.letters(DATA, 6)).toBe('before');
        expect(user.result(Sys.read, reader, DATA, 3)).toBe(3);
      }
      expect(user.letters(DATA, 6)).toBe('abcore');
      expect(user.machine.violations()).toEqual([]);
    });
  },
);
