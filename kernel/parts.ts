import type { KernelContext } from './context.js';
import { ConsoleDevice } from './files/console.js';
import { Descriptors } from './files/descriptors.js';
import type { Devices } from './files/device.js';
import { FileIo } from './files/file-io.js';
import { FileTable } from './files/file-table.js';
import { Pipes } from './files/pipe.js';
import { FileSystem } from './fs/file-system.js';
import type { LockFamily } from './locks/lock.js';
import { CopyUser } from './memory/copy-user.js';
import type { FreeListKind } from './memory/free-list.js';
import { Kalloc } from './memory/kalloc.js';
import { Vm } from './memory/vm.js';
import { type CountingScheme, type FrameCounts, frameCounts } from './page-sharing/counts/counting-scheme.js';
import type { DesignForm, PageSharing } from './page-sharing/page-sharing.js';
import { CONSOLE, NDEV } from './params.js';
import { AtRest } from './process/at-rest.js';
import { Exec } from './process/exec.js';
import { Lifecycle } from './process/fork-exit.js';
import { ProcessTable } from './process/proc.js';
import { Scheduler } from './process/scheduler.js';
import { Sleep } from './process/sleep.js';
import { SysExec } from './trap/sys-exec.js';
import { SysFile } from './trap/sys-file.js';
import { SysPath } from './trap/sys-path.js';
import { SysProc } from './trap/sys-proc.js';
import { Arguments, Syscalls } from './trap/syscall.js';
import { Traps } from './trap/trap.js';

/** What the kernel is made of. A bug is a copy of this with some part replaced by a subclass of it. */
export interface KernelParts {
  readonly lock: LockFamily;
  readonly Sharing: DesignForm['Sharing'];
  /** How the design's counts are kept; undefined: in the design's own way. */
  readonly counting: CountingScheme | undefined;
  readonly freeList: FreeListKind;
  readonly Kalloc: typeof Kalloc;
  readonly Vm: typeof Vm;
  readonly CopyUser: typeof CopyUser;
  readonly ProcessTable: typeof ProcessTable;
  readonly Sleep: typeof Sleep;
  readonly Lifecycle: typeof Lifecycle;
  readonly FileSystem: typeof FileSystem;
  readonly Pipes: typeof Pipes;
  readonly FileTable: typeof FileTable;
  readonly Exec: typeof Exec;
  readonly Scheduler: typeof Scheduler;
  readonly Traps: typeof Traps;
}

/** The kernel without bugs but for those of the design's form. */
export function partsWith(form: DesignForm, lock: LockFamily, freeList: FreeListKind): KernelParts {
  const { Sharing, counting } = form;
  const processes = { ProcessTable, Sleep, Lifecycle, Exec, Scheduler, Traps };
  const base = { lock, Sharing, counting, freeList, Kalloc, Vm, CopyUser, FileSystem, Pipes, FileTable, ...processes };
  return form.parts?.(base) ?? base;
}

/** The parts, put together for one hart. */
export interface KernelBuild {
  readonly kalloc: Kalloc;
  /** Of a counting scheme; undefined: the design counts in its own way. */
  readonly counts: FrameCounts | undefined;
  readonly sharing: PageSharing;
  readonly vm: Vm;
  readonly copyUser: CopyUser;
  readonly table: ProcessTable;
  readonly sleep: Sleep;
  readonly lifecycle: Lifecycle;
  readonly fs: FileSystem;
  readonly files: FileTable;
  readonly descriptors: Descriptors;
  readonly exec: Exec;
  readonly scheduler: Scheduler;
  readonly traps: Traps;
}

export function buildKernel(cx: KernelContext, parts: KernelParts): KernelBuild {
  const kalloc = new parts.Kalloc(cx, parts.freeList);
  const counts = parts.counting && frameCounts(parts.counting, cx);
  const sharing = new parts.Sharing(cx, kalloc, counts);
  kalloc.attach(sharing);
  const vm = new parts.Vm(cx, kalloc, sharing);
  const copyUser = new parts.CopyUser(cx, vm);
  const table = new parts.ProcessTable(cx, vm);
  const sleep = new parts.Sleep(cx, table);
  const fs = new parts.FileSystem(cx);
  const pipes = new parts.Pipes(cx, kalloc, copyUser, table, sleep);
  const files = new parts.FileTable(cx, pipes, fs);
  const descriptors = new Descriptors(cx, files, fs);
  const lifecycle = new parts.Lifecycle(cx, vm, table, sleep, copyUser, descriptors);
  const exec = new parts.Exec(cx, vm, copyUser, fs);
  const scheduler = new parts.Scheduler(cx, table);
  const console = new ConsoleDevice(cx, copyUser, table, sleep);
  const io = new FileIo(cx, copyUser, pipes, fs, devicesOf(console));
  const atRest = new AtRest(cx, lifecycle);
  const args = new Arguments(cx, copyUser);
  const syscalls = new Syscalls(
    cx,
    table,
    new SysProc(cx, args, table, lifecycle, sleep),
    new SysFile(cx, args, copyUser, files, descriptors, io),
    new SysPath(cx, args, files, descriptors, fs),
    new SysExec(cx, args, copyUser, exec),
  );
  const traps = new parts.Traps(cx, vm, table, sleep, lifecycle, syscalls, scheduler, console, atRest);
  return {
    kalloc,
    counts,
    sharing,
    vm,
    copyUser,
    table,
    sleep,
    fs,
    files,
    descriptors,
    lifecycle,
    exec,
    scheduler,
    traps,
  };
}

/** Every device there is, by its major number. Add new devices here. */
function devicesOf(console: ConsoleDevice): Devices {
  const devices: Devices[number][] = Array.from({ length: NDEV }, () => undefined);
  devices[CONSOLE] = console;
  return devices;
}
