import type { Fact } from '../../../src/explore/outcome.js';
import type { SharedAccess } from '../../../src/memory/access.js';
import { cons, INPUT_BUF } from '../../files/console-struct.js';
import { file, OpenFile } from '../../files/file-struct.js';
import { PIPESIZE, pipe } from '../../files/pipe.js';
import { FileType, ROOTINO } from '../../fs/format.js';
import { inode } from '../../fs/fs-struct.js';
import { ImageView } from '../../fs/image-view.js';
import type { KernelLayout } from '../../layout.js';
import { BSIZE, NOFILE } from '../../params.js';
import { proc } from '../../process/proc-struct.js';
import { contentText } from './content-text.js';

/** The open files and the file system as a user sees them, with structs, inodes and blocks named by what leads to them. */
export class FilesView {
  /** Open files and pipes, in the order in which they were come upon. */
  private readonly files = new Map<number, string>();
  private readonly pipes = new Map<number, string>();
  private readonly image: ImageView | undefined;
  /** By inode number. */
  private readonly paths = new Map<number, string[]>();

  constructor(
    private readonly mem: SharedAccess,
    private readonly layout: KernelLayout,
  ) {
    const { diskBlocks } = layout.config;
    if (diskBlocks === 0) return;
    this.image = ImageView.recovered(mem.read(layout.disk, diskBlocks * BSIZE));
    this.walk(ROOTINO, '/');
  }

  /** The open descriptors of a process, and its directory. */
  *ofProcess(p: number, name: string): Generator<Fact> {
    const { mem } = this;
    const { openFiles, files, cwd } = proc.fields;
    for (let fd = 0; fd < NOFILE; fd++)
      if ((openFiles.load(mem, p) & (1 << fd)) !== 0)
        yield {
          about: 'an open file',
          of: `${name}, descriptor ${fd}`,
          is: this.fileName(mem.load32(files.at(p, fd))),
        };
    if (this.image !== undefined)
      yield { about: 'a current directory', of: name, is: this.inodeName(cwd.load(mem, p)) };
  }

  /** What the files are that processes have open. */
  *open(): Generator<Fact> {
    const { mem } = this;
    const { type, readable, writable, off, ref } = file.fields;
    for (const [f, of] of this.files) {
      const kind = type.load(mem, f);
      const what =
        kind === OpenFile.Pipe
          ? this.pipeName(file.fields.pipe.load(mem, f))
          : `${this.inodeName(file.fields.ip.load(mem, f))} at ${off.load(mem, f)}`;
      const access = `${readable.load(mem, f) === 0 ? '' : 'r'}${writable.load(mem, f) === 0 ? '' : 'w'}`;
      yield { about: 'an open file', of, is: `type ${kind}, ${access}, ${what}, ${ref.load(mem, f)} references` };
    }
    for (const [pi, of] of this.pipes) yield { about: 'a pipe', of, is: this.pipeText(pi) };
  }

  /** Lines that were typed and that nobody has read. */
  typed(): Fact {
    const { mem, layout } = this;
    const { buf, r, w } = cons.fields;
    const from = r.load(mem, layout.console);
    const bytes = new Uint8Array(Math.min((w.load(mem, layout.console) - from) >>> 0, INPUT_BUF));
    for (let i = 0; i < bytes.length; i++) bytes[i] = mem.load8(buf.at(layout.console) + ((from + i) % INPUT_BUF));
    return { about: 'what was typed', of: 'the machine', is: contentText(bytes) };
  }

  /** What is on the disk. */
  *onDisk(): Generator<Fact> {
    const { image } = this;
    if (image === undefined) return;
    for (const [inum, paths] of this.paths) {
      const { type, nlink, size } = image.inode(inum);
      const content = type === FileType.File ? `: ${contentText(image.read(image.inode(inum)))}` : '';
      const is = `type ${type}, ${nlink} links, ${type === FileType.File ? `${size} bytes` : ''}${content}`;
      yield { about: 'a file', of: paths.toSorted().join(' = '), is };
    }
  }

  /** What is in use when nobody has anything open. */
  *inUse(): Generator<Fact> {
    const { mem, layout, image } = this;
    const files = layout.files.filter((f) => file.fields.type.load(mem, f) !== OpenFile.Unused).length;
    yield { about: 'open files after everybody has exited', of: 'the machine', is: String(files) };
    if (image === undefined) return;
    const { size } = image.superblock;
    const blocks = Array.from({ length: size }, (_, block) => block).filter((block) => image.isInUse(block)).length;
    const inums = image.inums();
    const inodes = inums.filter((inum) => image.inode(inum).type !== FileType.Free).length;
    const held = inums.filter((inum) => inode.fields.ref.load(mem, layout.inodes + inum * inode.size) !== 0).length;
    const is = `${blocks} blocks, ${inodes} inodes, ${held} of them referred to`;
    yield { about: 'the disk after everybody has exited', of: 'the machine', is };
  }

  private walk(inum: number, path: string): void {
    const known = this.paths.get(inum);
    if (known !== undefined) {
      known.push(path);
      return;
    }
    this.paths.set(inum, [path]);
    const node = this.image!.inode(inum);
    if (node.type !== FileType.Directory) return;
    for (const entry of this.image!.entries(node))
      if (entry !== undefined && entry.name !== '.' && entry.name !== '..')
        this.walk(entry.inum, `${path === '/' ? '' : path}/${entry.name}`);
  }

  private fileName(f: number): string {
    return nameIn(this.files, f, 'file');
  }

  private pipeName(pi: number): string {
    return nameIn(this.pipes, pi, 'pipe');
  }

  private inodeName(ip: number): string {
    if (ip === 0) return 'nothing';
    const inum = (ip - this.layout.inodes) / inode.size;
    return this.paths.get(inum)?.toSorted().join(' = ') ?? 'an inode without a name';
  }

  private pipeText(pi: number): string {
    const { mem } = this;
    const { nread, nwrite, readopen, writeopen, data } = pipe.fields;
    const filled = (nwrite.load(mem, pi) - nread.load(mem, pi)) >>> 0;
    const bytes = new Uint8Array(Math.min(filled, PIPESIZE));
    for (let i = 0; i < bytes.length; i++) bytes[i] = mem.load8(data.at(pi) + ((nread.load(mem, pi) + i) % PIPESIZE));
    const ends = `${readopen.load(mem, pi) === 0 ? '' : 'r'}${writeopen.load(mem, pi) === 0 ? '' : 'w'}`;
    return `${filled} bytes, open for ${ends}: ${contentText(bytes)}`;
  }
}

function nameIn(names: Map<number, string>, at: number, kind: string): string {
  const known = names.get(at) ?? `${kind} ${names.size + 1}`;
  names.set(at, known);
  return known;
}
