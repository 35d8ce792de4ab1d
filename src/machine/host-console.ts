import { writeSync } from 'node:fs';
import { isStopping, requestStop } from '../hart/stop-request.js';
import { type HartMap, hartBlock, StopRequest } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';

/** Milliseconds between two tries to write to a pipe that is full. */
const FULL_PIPE_MS = 5;
/** Milliseconds that a machine which has been asked to stop waits for a reader that takes nothing. */
const LAST_WORDS_MS = 500;

/**
 * A hart's way to a file descriptor of the host: the guest's console. Every write is out when it returns, so that what
 * several harts write comes in the order in which they wrote it.
 */
export class HostConsole {
  /** The reader has gone away, as `| head -1` does; what is written is lost, and the machine has been asked to stop. */
  readerGone = false;

  constructor(
    private readonly memory: SharedMemory,
    private readonly hart: HartMap,
    private readonly fd: number,
  ) {}

  /** Waits while the reader is slow. Throws what the host says, but for the reader's leaving. */
  write(bytes: Uint8Array): void {
    let patience = LAST_WORDS_MS;
    for (let done = 0; done < bytes.length && !this.readerGone && patience > 0; ) {
      try {
        done += writeSync(this.fd, bytes, done);
        patience = LAST_WORDS_MS;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') this.leave();
        else if (code === 'EAGAIN') patience -= this.waitForRoom();
        else throw error;
      }
    }
  }

  private leave(): void {
    this.readerGone = true;
    requestStop(this.memory, StopRequest.Stop);
  }

  /** Nothing announces room in a pipe to a thread that must not return to its event loop. The patience it cost. */
  private waitForRoom(): number {
    const { host } = this.memory;
    const { doorbell } = hartBlock.fields;
    host.parkFor(doorbell.at(this.hart.block), doorbell.load(host, this.hart.block), FULL_PIPE_MS);
    return isStopping(this.memory) ? FULL_PIPE_MS : 0;
  }
}
