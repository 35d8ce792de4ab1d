import type { DirectAccess } from '../memory/direct-access.js';
import { atomic32, struct, u32 } from '../memory/struct.js';
import { WordDevice } from './device.js';
import { DeviceLock } from './device-lock.js';

export const rtcState = struct('rtc', { lock: atomic32, high: u32 });
const fields = rtcState.fields;

const Register = { timeLow: 0x00, timeHigh: 0x04 } as const;
const LAST = 0x20;

/** The time of day in nanoseconds, as goldfish's clock tells it (QEMU, goldfish_rtc). It cannot be set, and has no alarm: its other registers are zero. */
export class Rtc extends WordDevice {
  readonly name = 'rtc';
  readonly base = 0x10_1000;
  readonly size = 0x1000;
  private readonly lock: DeviceLock;

  /** @param now nanoseconds since 1970 */
  constructor(
    private readonly host: DirectAccess,
    private readonly at: number,
    private readonly now: () => bigint,
  ) {
    super();
    this.lock = new DeviceLock(host, fields.lock, at);
  }

  /** Reading the low half keeps the high half that goes with it. */
  protected loadWord(offset: number): number | undefined {
    if (offset === Register.timeHigh) return fields.high.load(this.host, this.at);
    if (offset !== Register.timeLow) return offset < LAST ? 0 : undefined;
    const time = this.now();
    this.lock.hold(() => fields.high.store(this.host, this.at, Number(BigInt.asUintN(32, time >> 32n))));
    return Number(BigInt.asUintN(32, time));
  }

  protected storeWord(offset: number): boolean {
    return offset < LAST;
  }
}
