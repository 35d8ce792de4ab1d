import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { Cause } from '../../src/isa/causes.js';
import { Privilege } from '../../src/isa/privilege.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';

const A0 = 10;

const guest = new Guest();

describe('ecall', () => {
  it.each([
    ['user', Privilege.User, Cause.UserEcall],
    ['supervisor', Privilege.Supervisor, Cause.SupervisorEcall],
    ['machine', Privilege.Machine, Cause.MachineEcall],
  ])('from %s mode traps with its own cause, at its own address', (_, mode, cause) => {
    guest.load('nop\nhere: ecall');
    guest.hart.privilege = mode;
    expect(guest.run()).toBe(Exit.Trap);
    guest.hart.privilege = Privilege.Machine;
    expect(guest.hart.cause).toBe(cause);
    expect(guest.hart.trapValue).toBe(0n);
    expect(guest.hart.pc).toBe(guest.at('here'));
  });
});

describe('ebreak', () => {
  it.each(['ebreak', 'c.ebreak'])('as %s is a breakpoint whose value is its address', (name) => {
    guest.load(`nop\nhere: ${name}`);
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.cause).toBe(Cause.Breakpoint);
    expect(guest.hart.trapValue).toBe(guest.at('here'));
    expect(guest.hart.pc).toBe(guest.at('here'));
  });
});

describe('what the hart carries out leaves the engine', () => {
  it.each([
    ['mret', 0x30200073],
    ['sret', 0x10200073],
    ['wfi', 0x10500073],
    ['sfence.vma a1,a2', 0x12c58073],
    ['csrrw a0,sscratch,a1', 0x14059573],
    ['csrrsi a0,mstatus,8', 0x30046573],
  ])('%s, with its encoding, before it has done anything', (source, encoding) => {
    guest.load(`li a0,42\nhere: ${source}`);
    const before = guest.hart.instret;
    expect(guest.run()).toBe(Exit.System);
    expect(guest.hart.trapValue).toBe(BigInt(encoding));
    expect(guest.hart.pc).toBe(guest.at('here'));
    expect(guest.hart.getX(A0)).toBe(42n);
    expect(guest.hart.instret - before).toBe(1);
  });
});

describe('fence', () => {
  it.each(['fence', 'fence r,w', 'fence.tso', 'fence.i'])('as %s goes on', (source) => {
    guest.load(`li a0,1\n${source}\nli a0,2\nebreak`);
    guest.run();
    expect(guest.hart.cause).toBe(Cause.Breakpoint);
    expect(guest.hart.getX(A0)).toBe(2n);
  });
});

describe('code that is written over', () => {
  const setInstruction = 'la a1,patch\nlw a2,new\nsw a2,0(a1)\n';

  it('is what was written, after a fence.i', () => {
    guest.load(`${setInstruction}fence.i\npatch: li a0,1\nebreak\n.balign 4\nnew: li a0,2`);
    guest.run();
    expect(guest.hart.getX(A0)).toBe(2n);
  });

  it('is what was written after a fence.i, when it had been executed before', () => {
    guest.load(`li a3,0\nj patch\nagain: ${setInstruction}fence.i\nj patch\n.balign 4\nnew: li a0,2\n
      patch: li a0,1\nbnez a3,done\nli a3,1\nj again\ndone: ebreak`);
    guest.run();
    expect(guest.hart.cause).toBe(Cause.Breakpoint);
    expect(guest.hart.getX(A0)).toBe(2n);
  });

  it('in another page than the writer is what was written, after a fence.i', () => {
    const target = KERNBASE + 0x3000;
    guest.loadWords([0x00100513, 0x00008067], 4, target);
    guest.load(`li s0,${target}\njalr s0\nmv s1,a0\n${setInstruction.replace('la a1,patch', 'mv a1,s0')}
      fence.i\njalr s0\nebreak\n.balign 4\nnew: li a0,2`);
    guest.run();
    expect(guest.hart.getX(9)).toBe(1n);
    expect(guest.hart.getX(A0)).toBe(2n);
  });

  it('by the second half of an instruction that crosses into another page is what was written', () => {
    const start = KERNBASE + 0x1000 - 2;
    guest.load('li a0,1\nebreak', start);
    guest.run();
    expect(guest.hart.getX(A0)).toBe(1n);
    // The immediate is in the upper half.
    guest.memory.ram.write(start + 2, Uint8Array.from([0x20, 0x00]));
    guest.hart.engine.flushCode();
    guest.hart.pc = BigInt(start);
    guest.run();
    expect(guest.hart.getX(A0)).toBe(2n);
  });

  it('by the supervisor is what was written, once the address space is switched', () => {
    guest.load('li a0,1\nebreak');
    guest.run();
    guest.memory.ram.write(KERNBASE, Uint8Array.from([0x13, 0x05, 0x70, 0x00]));
    guest.hart.setAddressSpace(0);
    guest.hart.pc = BigInt(KERNBASE);
    guest.run();
    expect(guest.hart.getX(A0)).toBe(7n);
  });
});

describe('a program of more pages than there are slots of decoded code', () => {
  it('runs through all of them, twice', () => {
    const pages = 100;
    const first = KERNBASE + 0x10000;
    const lines = Array.from({ length: pages }, () => 'addi a0,a0,1\nc.nop\n.balign 4096');
    guest.load(`again: ${lines.join('\n')}\naddi a1,a1,-1\nbnez a1,more\nebreak\nmore: j again`, first);
    guest.hart.setX(A0, 0n);
    guest.hart.setX(11, 2n);
    guest.run(1_000_000);
    expect(guest.hart.cause).toBe(Cause.Breakpoint);
    expect(guest.hart.getX(A0)).toBe(BigInt(2 * pages));
  });
});
