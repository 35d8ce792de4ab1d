import { NoEnd } from './tentative-access.js';
import { WatchedAccess } from './watched-access.js';

/** Accesses of a thread that is alone: whoever would have to wait waits for ever, so that throws NoEnd. */
export class LoneAccess extends WatchedAccess {
  override spinWhile(address: number, value: number): number {
    return this.wait(address, value);
  }
  override pause(address: number, value: number): void {
    this.wait(address, value);
  }
  override park(address: number, value: number): void {
    this.wait(address, value);
  }

  private wait(address: number, value: number): number {
    if (this.atomicLoad32(address) === value) throw new NoEnd('it waits for what nobody is there to do');
    return 1;
  }
}
