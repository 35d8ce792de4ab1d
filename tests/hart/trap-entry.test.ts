import { beforeEach, describe, expect, it } from 'vitest';
import { Cause, Interrupt } from '../../src/isa/causes.js';
import { Privilege } from '../../src/isa/privilege.js';
import { Status } from '../../src/isa/status.js';
import { Pte } from '../../src/isa/sv39.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';

const A0 = 10;

let guest: Guest;
beforeEach(() => {
  guest = new Guest();
});

describe('a trap', () => {
  it('of user mode goes to machine mode, which finds what happened and can go back', () => {
    guest.load(`
      la t0,handler\ncsrw mtvec,t0
      la t0,user\ncsrw mepc,t0
      csrw mstatus,zero
      mret
      user: li a0,5
      here: ecall
      addi a0,a0,1
      ebreak
      .balign 4
      handler: csrr s0,mcause\ncsrr s1,mepc\ncsrr s2,mtval\ncsrr s3,mstatus
      addi t0,s1,4\ncsrw mepc,t0
      addi a0,a0,10
      mret`);
    guest.runPrivileged();
    expect(guest.hart.getX(A0)).toBe(16n);
    expect(guest.hart.getX(8)).toBe(BigInt(Cause.UserEcall));
    expect(guest.hart.getX(9)).toBe(guest.at('here'));
    expect(guest.hart.getX(18)).toBe(0n);
    expect(guest.hart.getX(19) & Status.MPP).toBe(0n);
    expect(guest.hart.privilege).toBe(Privilege.User);
  });

  it('goes to supervisor mode when it is delegated, unless it comes from machine mode', () => {
    guest.load(`
      la t0,machine\ncsrw mtvec,t0
      la t0,supervisor\ncsrw stvec,t0
      li t0,1 << 2\ncsrw medeleg,t0
      .word 0
      back: li t0,1 << 11\ncsrw mstatus,t0
      la t0,below\ncsrw mepc,t0
      mret
      below: .word 0
      .balign 4
      machine: csrr s0,mcause\nla t0,back\ncsrw mepc,t0\nmret
      .balign 4
      supervisor: csrr s1,scause\ncsrr s2,sepc\ncsrr s3,stval\nebreak`);
    guest.runPrivileged();
    expect(guest.hart.getX(8)).toBe(BigInt(Cause.IllegalInstruction));
    expect(guest.hart.getX(9)).toBe(BigInt(Cause.IllegalInstruction));
    expect(guest.hart.getX(18)).toBe(guest.at('below'));
    expect(guest.hart.privilege).toBe(Privilege.Supervisor);
    expect(guest.hart.getCsr('mstatus') & Status.SPP).toBe(Status.SPP);
  });

  it('stacks the interrupt enable and clears it; the return puts it back', () => {
    guest.load(`
      la t0,handler\ncsrw mtvec,t0
      csrsi mstatus,8
      here: ecall
      csrr s1,mstatus
      ebreak
      .balign 4
      handler: csrr s0,mstatus\nla t0,here\naddi t0,t0,4\ncsrw mepc,t0\nmret`);
    guest.runPrivileged();
    expect(guest.hart.getX(8) & (Status.MIE | Status.MPIE | Status.MPP)).toBe(Status.MPIE | Status.MPP);
    expect(guest.hart.getX(9) & (Status.MIE | Status.MPIE | Status.MPP)).toBe(Status.MIE | Status.MPIE);
  });
});

describe('an interrupt', () => {
  const program = (vector: string): string => `
      la t0,table\n${vector}\ncsrw mtvec,t0
      li t0,0x888\ncsrw mie,t0
      li s0,0
      csrsi mstatus,8
      again: addi s0,s0,1
      wfi
      j again
      .balign 4
      table: j direct\nnop\nnop\nj software\nnop\nnop\nnop\nj timer
      direct: li a0,1\ncsrr a1,mcause\nebreak
      software: li a0,3\nebreak
      timer: li a0,7\ncsrr a1,mcause\nebreak`;

  it('goes to its own entry of a vectored table', () => {
    guest.load(program('ori t0,t0,1'));
    guest.hart.setPending(1 << Interrupt.MachineTimer);
    guest.runPrivileged();
    expect(guest.hart.getX(A0)).toBe(7n);
    expect(guest.hart.getX(11)).toBe((-1n << 63n) | BigInt(Interrupt.MachineTimer));
  });

  it('goes to the base of a direct vector', () => {
    guest.load(program('nop'));
    guest.hart.setPending(1 << Interrupt.MachineTimer);
    guest.runPrivileged();
    expect(guest.hart.getX(A0)).toBe(1n);
  });

  it('of higher priority is taken first', () => {
    guest.load(program('ori t0,t0,1'));
    guest.hart.setPending((1 << Interrupt.MachineTimer) | (1 << Interrupt.MachineSoftware));
    guest.runPrivileged();
    expect(guest.hart.getX(A0)).toBe(3n);
  });
});

describe('a guest supervisor', () => {
  it('runs a user program behind its own page table, and maps a page when it faults', () => {
    const user = 0x1000n;
    const data = 0x5000n;
    guest.tables.map(user, KERNBASE + 0x4000, Pte.R | Pte.X | Pte.U | Pte.A);
    guest.tables.pteAddress(data);
    // The supervisor itself runs where it is mapped one to one.
    guest.tables.map(BigInt(KERNBASE), KERNBASE, Pte.R | Pte.W | Pte.X | Pte.A | Pte.D, 2);
    guest.load('li a1,0x5000\nsd a1,0(a1)\nld a0,0(a1)\necall', KERNBASE + 0x4000, user);
    guest.load(`
      la t0,handler\ncsrw stvec,t0
      li t0,-1\ncsrw medeleg,t0
      li t0,${(8n << 60n) | BigInt(guest.tables.root / 4096)}\ncsrw satp,t0
      sfence.vma
      la t0,kernel\ncsrw mepc,t0
      li t0,1 << 11\ncsrw mstatus,t0
      mret
      kernel: li t0,0x1000\ncsrw sepc,t0\nsret
      .balign 4
      handler: csrr t0,scause\nli t1,15\nbne t0,t1,done
      csrr s1,stval
      # A leaf for 0x5000, user, readable and writable, at KERNBASE + 0x6000.
      li t0,${guest.tables.pteAddress(data)}
      li t1,${((KERNBASE + 0x6000) / 4096) * 1024 + 0xd7}
      sd t1,0(t0)
      sfence.vma
      sret
      done: csrr s0,scause\nebreak`);
    guest.runPrivileged();
    expect(guest.hart.getX(9)).toBe(data);
    expect(guest.hart.getX(8)).toBe(BigInt(Cause.UserEcall));
    expect(guest.hart.getX(A0)).toBe(data);
    expect(guest.memory.ram.load64(KERNBASE + 0x6000)).toBe(Number(data));
  });
});
