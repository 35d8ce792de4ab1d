import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ConsoleWatch } from '../../src/app/console-watch.js';
import { GuestMachine } from '../../src/app/guest-machine.js';
import { assemble } from '../../src/isa/assemble.js';
import { packet } from '../../src/machine/gdb/packet-stream.js';
import { parseKernel } from '../../src/machine/kernel-image.js';
import { KERNBASE } from '../../src/memory/map.js';
import { elfImage } from '../support/elf-image.js';
import { Wire } from '../support/gdb-wire.js';

const HEADERS = 64 + 56;
const RWX = 7;
const MIB = 2 ** 20;

/** Hart 0 counts in s0 until `go` is set, then comes to an `ebreak` of its own; hart 1 counts in s1. A trap ends the machine with its cause. */
const program = assemble(
  `
  csrr t0, mhartid
  la t1, handler
  csrw mtvec, t1
  la t2, go
  bnez t0, other
count: addi s0, s0, 1
  ld t3, 0(t2)
  beqz t3, count
  ebreak
other: addi s1, s1, 1
  j other
  .balign 4
handler: csrr t0, mcause
  slli t0, t0, 16
  li t1, 0x3333
  or t0, t0, t1
  li t1, 0x100000
  sw t0, 0(t1)
  j handler
  .balign 8
go: .dword 0`,
  { origin: KERNBASE },
);
const S0 = 8;
const S1 = 9;

function kernel() {
  const size = BigInt(program.bytes.length);
  const image = elfImage({
    entry: BigInt(KERNBASE),
    content: program.bytes.length,
    segments: [{ flags: RWX, vaddr: BigInt(KERNBASE), fileSize: size, memSize: size }],
  });
  image.set(program.bytes, HEADERS);
  return parseKernel(image, { start: KERNBASE, end: KERNBASE + 8 * MIB });
}

function at(label: string): string {
  return (program.symbols.get(label) ?? 0n).toString(16);
}

/** A machine on two harts, and a debugger at it. */
async function debugged() {
  let listening = (_port: number): void => {};
  const port = new Promise<number>((resolve) => {
    listening = resolve;
  });
  const machine = new GuestMachine({
    harts: 2,
    memory: 8,
    kernel: kernel(),
    virtio: 2,
    consoleFd: 2,
    watch: new ConsoleWatch({ exec: [], fail: /$^/ }),
    gdb: { port: 0, listening },
  });
  const running = machine.run();
  const gdb = await Wire.to(await port);
  const register = async (wire: Wire, hart: number, number: number): Promise<bigint> => {
    expect(await wire.ask(`Hg${hart + 1}`)).toBe('OK');
    return Buffer.from(await wire.ask(`p${number.toString(16)}`), 'hex').readBigUInt64LE();
  };
  return { machine, running, gdb, register, again: async () => Wire.to(await port) };
}

describe('a debugger at a machine', () => {
  it('finds the harts at their first instruction, lets them run and interrupts them', async () => {
    const { machine, running, gdb, register } = await debugged();
    expect(await gdb.ask('?')).toBe('T05thread:1;');
    expect(await register(gdb, 1, 32)).toBe(BigInt(KERNBASE));
    gdb.send(packet('vCont;c'));
    gdb.send('\x03');
    expect(await gdb.answer()).toBe('T02thread:1;');
    while ((await register(gdb, 0, S0)) === 0n || (await register(gdb, 1, S1)) === 0n) {
      gdb.send(`${packet('c')}\x03`);
      expect(await gdb.answer()).toBe('T02thread:1;');
    }
    gdb.send(packet('k'));
    await running;
    expect(machine.report().end).toEqual({ kind: 'killed' });
  });

  it('runs one hart while the other stands still', async () => {
    const { machine, running, gdb, register } = await debugged();
    expect(await gdb.ask(`Z0,${at('other')},4`)).toBe('OK');
    expect(await gdb.ask('vCont;c:2')).toBe('T05thread:2;');
    expect(await register(gdb, 1, 32)).toBe(program.symbols.get('other'));
    expect(await register(gdb, 0, 32)).toBe(BigInt(KERNBASE));
    expect(await gdb.ask(`z0,${at('other')},4`)).toBe('OK');
    expect(await gdb.ask('vCont;s:2;c')).toBe('T05thread:2;');
    expect(await register(gdb, 1, S1)).toBe(1n);
    expect(await register(gdb, 0, 32)).toBe(BigInt(KERNBASE));
    machine.stop();
    await running;
    await gdb.closed();
  });

  it('shows memory without its breakpoints', async () => {
    const { machine, running, gdb } = await debugged();
    const before = await gdb.ask(`m${at('count')},8`);
    expect(await gdb.ask(`Z0,${at('count')},2`)).toBe('OK');
    expect(await gdb.ask(`m${at('count')},8`)).toBe(before);
    expect(await gdb.ask('Z0,1000,2'), 'where there is no RAM').toBe('E01');
    machine.stop();
    await running;
  });

  it('leaves an ebreak of the guest to the guest', async () => {
    const { machine, running, gdb } = await debugged();
    expect(await gdb.ask(`M${at('go')},1:01`)).toBe('OK');
    expect(await gdb.ask('vCont;c')).toBe('W03');
    await running;
    expect(machine.report().end).toEqual({ kind: 'exit', status: 3 });
  });

  it('may go while the machine runs, which is then as it was, and come back', async () => {
    const { machine, running, gdb, register, again } = await debugged();
    expect(await gdb.ask(`Z0,${at('handler')},4`)).toBe('OK');
    gdb.send(packet('vCont;c'));
    await gdb.expect('+');
    gdb.socket.destroy();
    await once(gdb.socket, 'close');
    let second = await again();
    // The server takes the next debugger once it has noticed that the last has gone.
    while (await isRefused(second)) second = await again();
    expect(await second.ask('?')).toMatch(/^T0[25]thread:\d;$/);
    const counted = await register(second, 1, S1);
    expect(await second.ask('D')).toBe('OK');
    await second.closed();
    let third = await again();
    while (await isRefused(third)) third = await again();
    // Whoever comes waits until every hart has gone on, and so has come to something.
    expect(await register(third, 1, S1)).toBeGreaterThan(counted);
    machine.stop();
    await running;
  });
});

/** Whether the server has hung up at once. */
async function isRefused(wire: Wire): Promise<boolean> {
  return await Promise.race([
    wire.closed().then(() => true),
    wire.ask('qC').then(
      () => false,
      () => true,
    ),
  ]);
}
