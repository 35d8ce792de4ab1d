import { WordDevice } from './device.js';

/** How the guest ends its machine. */
export type Finish = { readonly kind: 'exit'; readonly status: number } | { readonly kind: 'reset' };

const COMMAND_MASK = 0xffff;
const CODE_SHIFT = 16;
const Command = { fail: 0x3333, pass: 0x5555, reset: 0x7777 } as const;

/** SiFive's test device, by which a guest ends the machine with an exit status (QEMU's `virt` has it; devicetree binding "sifive,test0"). */
export class Finisher extends WordDevice {
  readonly name = 'test';
  readonly base = 0x10_0000;
  readonly size = 0x1000;

  constructor(private readonly finish: (how: Finish) => void) {
    super();
  }

  protected loadWord(): number {
    return 0;
  }

  protected storeWord(offset: number, value: number): boolean {
    if (offset !== 0) return true;
    const command = value & COMMAND_MASK;
    if (command === Command.pass) this.finish({ kind: 'exit', status: 0 });
    else if (command === Command.fail) this.finish({ kind: 'exit', status: value >>> CODE_SHIFT });
    else if (command === Command.reset) this.finish({ kind: 'reset' });
    return true;
  }
}
