import { describe, expect, it } from 'vitest';
import { checkImage } from '../../../kernel/fs/check-image.js';
import { FileType } from '../../../kernel/fs/format.js';
import { BSIZE, NFILE, NOFILE } from '../../../kernel/params.js';
import { OpenMode } from '../../../kernel/trap/sys-path.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { MAXVA } from '../../../src/isa/sv39.js';
import { BUFFER, DiskUser, disk, text } from '../../support/disk-user.js';
import { DATA, END, GUARD, KernelMachine } from '../../support/kernel-machine.js';

const { readOnly, writeOnly, readWrite, create, truncate } = OpenMode;

/** What is wrong with the disk as the machine has left it. */
function damage({ machine }: DiskUser): string | undefined {
  return checkImage(machine.ram.read(machine.layout.disk, machine.config.diskBlocks! * BSIZE));
}

describe('open files', () => {
  it('what is written to a new file is read from it again, from where the last read ended', () => {
    const user = DiskUser.booted();
    const fd = user.open('letter', create | readWrite);
    expect(fd).toBe(3);
    expect(user.write(fd, 'dear reader')).toBe(11);
    expect(user.read(fd)).toBe('');
    const again = user.open('/letter');
    expect(again).toBe(4);
    expect(user.read(again, 5)).toBe('dear ');
    expect(user.read(again, 100)).toBe('reader');
    expect(user.read(again, 100)).toBe('');
    expect(user.close(fd)).toBe(0);
    expect(user.read(fd)).toBe(-1);
    expect(user.close(fd)).toBe(-1);
    expect(damage(user)).toBeUndefined();
    expect(user.machine.violations()).toEqual([]);
  });

  it('a file larger than one transaction is written and read in one call each', () => {
    const user = DiskUser.booted();
    const bytes = Uint8Array.from({ length: 40_000 }, (_, i) => (i * 7) % 251);
    const heap = user.result(Sys.sbrk, 2 * bytes.length);
    user.put(heap, bytes);
    const fd = user.open('large', create | readWrite);
    expect(user.result(Sys.write, fd, heap, bytes.length)).toBe(bytes.length);
    expect(user.fstat(fd).size).toBe(bytes.length);
    const again = user.open('large');
    expect(user.result(Sys.read, again, heap + bytes.length, 2 ** 31 - 1)).toBe(bytes.length);
    expect(user.get(heap + bytes.length, bytes.length)).toEqual(bytes);
    expect(damage(user)).toBeUndefined();
  });

  it('a file takes no more than it can have, and the disk no more than it has', () => {
    const user = DiskUser.booted();
    const fd = user.open('full', create | writeOnly);
    const heap = user.result(Sys.sbrk, 300 * BSIZE);
    expect(user.result(Sys.write, fd, heap, 300 * BSIZE)).toBe(-1);
    expect(damage(user)).toBeUndefined();
    expect(user.open('other', create | writeOnly)).toBe(4);
    expect(user.write(4, 'x')).toBe(-1);
    expect(user.unlink('full')).toBe(0);
    user.close(fd);
    expect(user.write(4, 'x')).toBe(1);
    expect(damage(user)).toBeUndefined();
  });

  it('modes are kept to', () => {
    const user = DiskUser.booted({ disk: disk([{ name: 'f', data: text('abc') }]) });
    const reader = user.open('f', readOnly);
    const writer = user.open('f', writeOnly);
    expect(user.write(reader, 'x')).toBe(-1);
    expect(user.read(writer)).toBe(-1);
    expect(user.write(writer, 'X')).toBe(1);
    expect(user.read(reader)).toBe('Xbc');
    const both = user.open('f', readWrite | truncate);
    expect(user.read(both)).toBe('');
    expect(user.write(both, 'new')).toBe(3);
    expect(user.read(reader)).toBe('');
    expect(user.read(user.open('f'))).toBe('new');
  });

  it('bad addresses and lengths are refused, and the offset stays where it was', () => {
    const user = DiskUser.booted({ disk: disk([{ name: 'f', data: text('abc') }]) });
    const fd = user.open('f', readWrite);
    for (const address of [END, GUARD, MAXVA - 1, MAXVA, 2 ** 40, -1]) {
      expect(user.result(Sys.read, fd, address, 3), `${address}`).toBe(-1);
      expect(user.result(Sys.write, fd, address, 3), `${address}`).toBe(-1);
      expect(user.result(Sys.fstat, fd, address), `${address}`).toBe(-1);
      expect(user.result(Sys.open, address, create)).toBe(-1);
      expect(user.result(Sys.pipe, address)).toBe(-1);
    }
    expect(user.result(Sys.read, fd, 0, 3)).toBe(-1); // text is not to be written
    expect(user.result(Sys.read, fd, BUFFER, -1)).toBe(-1);
    expect(user.result(Sys.write, fd, BUFFER, -1)).toBe(-1);
    expect(user.result(Sys.write, fd, BUFFER, 0)).toBe(0);
    expect(user.read(fd)).toBe('abc');
    expect(user.machine.violations()).toEqual([]);
  });

  it('what lies before the end of the user’s memory is written although the call fails', () => {
    const user = DiskUser.booted();
    const fd = user.open('f', create | readWrite);
    user.put(END - 2, 'ab');
    expect(user.result(Sys.write, fd, END - 2, 5)).toBe(-1);
    expect(user.read(user.open('f'))).toBe('ab');
  });

  it('a path must be there, and end', () => {
    const user = DiskUser.booted();
    expect(user.open('none')).toBe(-1);
    expect(user.open('none/of', create)).toBe(-1);
    expect(user.open('a'.repeat(127), create)).toBe(3);
    expect(user.open('a'.repeat(128), create)).toBe(-1);
    user.put(END - 3, 'abc');
    expect(user.result(Sys.open, END - 3, create)).toBe(-1);
  });

  it('dup gives the lowest free descriptor of the same file, offset and all', () => {
    const user = DiskUser.booted({ disk: disk([{ name: 'f', data: text('abcdef') }]) });
    const fd = user.open('f');
    user.close(0);
    expect(user.result(Sys.dup, fd)).toBe(0);
    expect(user.read(0, 2)).toBe('ab');
    user.close(fd);
    expect(user.read(0, 2)).toBe('cd');
    for (const bad of [fd, -1, NOFILE]) expect(user.result(Sys.dup, bad)).toBe(-1);
  });

  it('a process has 16 descriptors, and the last failure leaves nothing open', () => {
    const user = DiskUser.booted();
    for (let fd = 3; fd < NOFILE; fd++) expect(user.open('f', create)).toBe(fd);
    expect(user.open('g', create)).toBe(-1);
    expect(user.result(Sys.dup, 3)).toBe(-1);
    expect(user.result(Sys.pipe, BUFFER)).toBe(-1);
    user.close(7);
    expect(user.result(Sys.pipe, BUFFER)).toBe(-1);
    expect(user.machine.violations()).toEqual([]);
    expect(user.open('g')).toBe(7);
  });

  it('all processes together have as many open files as the table has places, and more with more processes', () => {
    expect([NFILE(8), NFILE(64), NFILE(128)]).toEqual([100, 100, 200]);
    const user = DiskUser.booted({ harts: 8 });
    for (let fd = 3; fd < NOFILE; fd++) user.open('f', create);
    // The console, and 13 files for each process.
    let open = 1 + NOFILE - 3;
    for (let hart = 1; hart < 8; hart++) {
      const child = new DiskUser(user.machine, hart);
      user.result(Sys.fork);
      user.machine.interrupt(hart);
      for (let fd = 3; fd < NOFILE; fd++) child.close(fd);
      while (open < NFILE(8) && child.open('f') >= 0) open++;
    }
    expect(open).toBe(NFILE(8));
    const last = new DiskUser(user.machine, 7);
    last.close(0);
    expect(last.open('f')).toBe(-1);
    expect(last.result(Sys.pipe, BUFFER)).toBe(-1);
    expect(last.open('not-made', create)).toBe(-1);
    user.close(3);
    expect(last.open('f')).toBe(0);
    expect(user.machine.violations()).toEqual([]);
  });

  it('fstat tells what a file is', () => {
    const user = DiskUser.booted({ disk: disk([{ name: 'f', data: text('abc') }]) });
    expect(user.fstat(user.open('f'))).toEqual({ dev: 1, ino: 2, type: FileType.File, nlink: 1, size: 3 });
    expect(user.fstat(user.open('/'))).toMatchObject({ ino: 1, type: FileType.Directory, size: BSIZE });
    user.mknod('tty', 1);
    expect(user.fstat(user.open('tty'))).toMatchObject({ type: FileType.Device, nlink: 1, size: 0 });
    expect(user.fstat(1).type).toBe(FileType.Device);
    expect(user.result(Sys.fstat, user.pipe()[0], BUFFER)).toBe(-1);
    expect(user.result(Sys.fstat, 15, BUFFER)).toBe(-1);
  });

  it('a directory can be opened for reading only, and read as what it is', () => {
    const user = DiskUser.booted({ disk: disk([{ name: 'f', data: text('abc') }]) });
    for (const mode of [writeOnly, readWrite, truncate]) expect(user.open('/', mode)).toBe(-1);
    expect(user.open('/', create)).toBe(-1);
    const fd = user.open('/');
    expect(user.read(fd, 16)).toBe(`\x01\0.${'\0'.repeat(13)}`);
    expect(user.write(fd, 'x')).toBe(-1);
  });

  it('the console is a device by its number; a number that no device has opens or answers nothing', () => {
    const user = DiskUser.booted();
    expect(user.mknod('console', 1)).toBe(0);
    expect(user.mknod('console', 1)).toBe(-1);
    const fd = user.open('console', readWrite);
    expect(user.write(fd, 'hello')).toBe(5);
    expect(user.machine.output).toBe('hello');
    expect(user.mknod('nobody', 2)).toBe(0);
    const nobody = user.open('nobody', readWrite);
    expect(user.write(nobody, 'x')).toBe(-1);
    expect(user.read(nobody)).toBe(-1);
    user.mknod('beyond', 10);
    user.mknod('below', -1);
    expect(user.open('beyond')).toBe(-1);
    expect(user.open('below')).toBe(-1);
    expect(damage(user)).toBeUndefined();
  });
});

describe('paths', () => {
  it('a process has its own directory, where its paths begin, and its children have the same', () => {
    const user = DiskUser.booted({ harts: 2 });
    expect(user.mkdir('d')).toBe(0);
    expect(user.mkdir('d')).toBe(-1);
    expect(user.chdir('d')).toBe(0);
    user.write(user.open('f', create | writeOnly), 'below');
    user.result(Sys.fork);
    user.machine.interrupt(1);
    const child = new DiskUser(user.machine, 1);
    expect(child.read(child.open('f'))).toBe('below');
    expect(child.chdir('..')).toBe(0);
    expect(child.open('f')).toBe(-1);
    expect(user.read(user.open('/d/f'))).toBe('below');
    expect(user.chdir('f')).toBe(-1);
    expect(user.chdir('none')).toBe(-1);
    expect(user.open('f')).toBeGreaterThan(0);
  });

  it('a directory that somebody is in goes only when he leaves', () => {
    const user = DiskUser.booted({ harts: 2 });
    user.mkdir('d');
    user.chdir('d');
    user.result(Sys.fork);
    user.machine.interrupt(1);
    const child = new DiskUser(user.machine, 1);
    expect(child.chdir('/')).toBe(0);
    expect(child.unlink('d')).toBe(0);
    expect(user.open('f', create)).toBe(-1);
    expect(damage(user)).toBeUndefined();
    user.machine.call(0, Sys.exit, 0);
    expect(damage(user)).toBeUndefined();
    expect(child.open('/d')).toBe(-1);
  });

  it('a file that is unlinked while it is open lives until it is closed by the last who has it, by exit too', () => {
    const user = DiskUser.booted({ harts: 2 });
    const fd = user.open('f', create | readWrite);
    user.write(fd, 'still here');
    user.result(Sys.fork);
    user.machine.interrupt(1);
    expect(user.unlink('f')).toBe(0);
    expect(user.unlink('f')).toBe(-1);
    user.close(fd);
    const child = new DiskUser(user.machine, 1);
    expect(child.write(fd, ' and there')).toBe(10);
    expect(child.fstat(fd)).toMatchObject({ nlink: 0, size: 20 });
    user.machine.call(1, Sys.exit, 0);
    expect(damage(user)).toBeUndefined();
    const inodes = user.open('g', create);
    expect(user.fstat(inodes).ino).toBe(2);
  });

  it('link makes another name, not for directories', () => {
    const user = DiskUser.booted({ disk: disk([{ name: 'f', data: text('abc') }]) });
    expect(user.link('f', 'g')).toBe(0);
    expect(user.link('f', 'g')).toBe(-1);
    expect(user.link('none', 'h')).toBe(-1);
    expect(user.link('/', 'h')).toBe(-1);
    expect(user.result(Sys.link, DATA, END)).toBe(-1);
    expect(user.unlink('f')).toBe(0);
    expect(user.read(user.open('g'))).toBe('abc');
    expect(damage(user)).toBeUndefined();
  });

  it('unlink takes no directory that is not empty, and not . or ..', () => {
    const user = DiskUser.booted();
    user.mkdir('d');
    user.open('d/f', create);
    for (const path of ['d', 'd/.', 'd/..', 'none', '/']) expect(user.unlink(path), path).toBe(-1);
    expect(user.unlink('d/f')).toBe(0);
    expect(user.unlink('d')).toBe(0);
  });

  it('without a disk no path leads anywhere', () => {
    const user = new DiskUser(KernelMachine.booted());
    expect(user.open('f', create)).toBe(-1);
    expect(user.open('/')).toBe(-1);
    expect(user.mkdir('d')).toBe(-1);
    expect(user.mknod('d', 1)).toBe(-1);
    expect(user.chdir('/')).toBe(-1);
    expect(user.unlink('f')).toBe(-1);
    expect(user.link('f', 'g')).toBe(-1);
    user.exec('/init', []);
    expect(user.machine.a0(0)).toBe(-1);
    expect(user.write(1, 'console')).toBe(7);
  });
});

describe('the first process', () => {
  it('has the console open three times, unless it is to have nothing open', () => {
    const user = DiskUser.booted();
    for (const fd of [0, 1, 2]) expect(user.write(fd, `${fd}`)).toBe(1);
    expect(user.machine.output).toBe('012');
    user.machine.type('typed\n');
    user.machine.interrupt(0);
    expect(user.read(0)).toBe('typed\n');
    expect(user.result(Sys.dup, 0)).toBe(3);
    const bare = DiskUser.booted({ consoleOpen: false });
    expect(bare.write(0, 'x')).toBe(-1);
    expect(bare.open('/')).toBe(0);
  });
});
