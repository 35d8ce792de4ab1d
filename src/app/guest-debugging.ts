import type { VirtioVersion } from '../devices/virtio-block.js';
import { REAL_TIME, TICKS_PER_MS } from '../hart/run-loop.js';
import { requestStop } from '../hart/stop-request.js';
import { compileInterpreter } from '../interpreter/compile-interpreter.js';
import { createInterpreter } from '../interpreter/interpreter.js';
import { GdbServer } from '../machine/gdb/gdb-server.js';
import { MachineDebugger } from '../machine/gdb/machine-debugger.js';
import { GuestConsole } from '../machine/guest-console.js';
import { HostConsole } from '../machine/host-console.js';
import { InputConsumer } from '../machine/input-ring.js';
import type { MachineControl } from '../machine/machine-control.js';
import { OutputRing } from '../machine/output-ring.js';
import { SharedClock } from '../machine/shared-clock.js';
import { boardBlock, VirtBoard } from '../machine/virt-board.js';
import { StopRequest } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { UsageError } from './usage-error.js';

export interface DebuggingOptions {
  /** 0: one that is free. */
  readonly port: number;
  /** Told which it is. */
  readonly listening: (port: number) => void;
}

/** What of a guest's machine the debugger needs for the instructions that it steps through. */
interface Devices {
  readonly virtio: VirtioVersion;
  readonly consoleFd: number;
}

/** GDB's way to a guest's machine. */
export class GuestDebugging {
  private readonly server: GdbServer;
  private readonly debugger: MachineDebugger;

  constructor(
    memory: SharedMemory,
    private readonly control: MachineControl,
    devices: Devices,
    private readonly options: DebuggingOptions,
  ) {
    this.debugger = new MachineDebugger(memory, control, {
      engine: createInterpreter(compileInterpreter()),
      board: boardFor(memory, devices),
      status: () => boardBlock.fields.status.load(memory.host, memory.map.devices),
    });
    this.server = new GdbServer(this.debugger, () => this.debugger.take());
  }

  get wasKilled(): boolean {
    return this.debugger.wasKilled;
  }

  /** Before the harts begin: they stand still until somebody has come. Throws UsageError when there is no way to the port. */
  async open(): Promise<void> {
    const { port, listening } = this.options;
    this.control.askToStand();
    try {
      listening(await this.server.listen(port));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new UsageError(`--gdb cannot have port ${port} (${code}); give another one, or 0 for any that is free`);
    }
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** The devices as the main thread accesses them, under the same locks as the harts. */
function boardFor(memory: SharedMemory, { virtio, consoleFd }: Devices): VirtBoard {
  const screen = new HostConsole(memory, memory.map.harts[0]!, consoleFd);
  const clock = new SharedClock(memory, REAL_TIME.now);
  const output = new OutputRing(memory, memory.map.devices + boardBlock.fields.output.offset);
  return new VirtBoard(memory, {
    ticks: () => Math.floor(clock.now() * TICKS_PER_MS),
    date: () => BigInt(Date.now()) * 1_000_000n,
    console: new GuestConsole(screen, output, new InputConsumer(memory, false)),
    virtio,
    finish: () => requestStop(memory, StopRequest.Stop),
  });
}
