import { AtRest } from './at-rest.js';
import { ConsoleDevice } from './console.js';
import type { KernelContext } from './context.js';
import { CopyUser } from './copy-user.js';
import { Exec } from './exec.js';
import { Lifecycle } from './fork-exit.js';
import { FileSystem } from './fs/file-system.js';
import { Kalloc } from './kalloc.js';
import type { DesignForm, PageSharing } from './page-sharing/page-sharing.js';
import { ProcessTable } from './proc.js';
import { Scheduler } from './scheduler.js';
import { Sleep } from './sleep.js';
import { SysFile } from './sys-file.js';
import { SysProc } from './sys-proc.js';
import { Arguments, Syscalls } from './syscall.js';
import { Traps } from './trap.js';
import { Vm } from './vm.js';

/** What the kernel is made of. A bug is a copy of this with some part replaced by a subclass of it. */
export interface KernelParts {
  readonly Sharing: DesignForm['Sharing'];
  readonly Kalloc: typeof Kalloc;
  readonly Vm: typeof Vm;
  readonly CopyUser: typeof CopyUser;
  readonly ProcessTable: typeof ProcessTable;
  readonly Sleep: typeof Sleep;
  readonly Lifecycle: typeof Lifecycle;
  readonly FileSystem: typeof FileSystem;
  readonly Exec: typeof Exec;
  readonly Scheduler: typeof Scheduler;
  readonly Traps: typeof Traps;
}

/** The kernel without bugs but for those of the design's form. */
export function partsWith(form: DesignForm): KernelParts {
  const { Sharing } = form;
  const base = { Sharing, Kalloc, Vm, CopyUser, ProcessTable, Sleep, Lifecycle, FileSystem, Exec, Scheduler, Traps };
  return form.parts?.(base) ?? base;
}

/** The parts, put together for one hart. */
export interface KernelBuild {
  readonly kalloc: Kalloc;
  readonly sharing: PageSharing;
  readonly vm: Vm;
  readonly copyUser: CopyUser;
  readonly table: ProcessTable;
  readonly sleep: Sleep;
  readonly lifecycle: Lifecycle;
  readonly fs: FileSystem;
  readonly exec: Exec;
  readonly scheduler: Scheduler;
  readonly traps: Traps;
}

export function buildKernel(cx: KernelContext, parts: KernelParts): KernelBuild {
  const kalloc = new parts.Kalloc(cx);
  const sharing = new parts.Sharing(cx, kalloc);
  kalloc.attach(sharing);
  const vm = new parts.Vm(cx, kalloc, sharing);
  const copyUser = new parts.CopyUser(cx, vm);
  const table = new parts.ProcessTable(cx, vm);
  const sleep = new parts.Sleep(cx, table);
  const fs = new parts.FileSystem(cx);
  const lifecycle = new parts.Lifecycle(cx, vm, table, sleep, copyUser);
  const exec = new parts.Exec(cx, vm, copyUser);
  const scheduler = new parts.Scheduler(cx, table);
  const console = new ConsoleDevice(cx, copyUser, table, sleep);
  const atRest = new AtRest(cx, lifecycle);
  const args = new Arguments(cx);
  const sysProc = new SysProc(cx, args, table, lifecycle, sleep);
  const syscalls = new Syscalls(cx, table, sysProc, new SysFile(cx, args, console));
  const traps = new parts.Traps(cx, vm, table, sleep, lifecycle, syscalls, scheduler, console, atRest);
  return { kalloc, sharing, vm, copyUser, table, sleep, fs, lifecycle, exec, scheduler, traps };
}
