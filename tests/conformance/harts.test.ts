import { describe, expect, it } from 'vitest';
import { Cause } from '../../src/isa/causes.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';
import { isLongForm, sampled } from '../support/long-form.js';

const A0 = 10;
const S0 = 8;
const S1 = 9;
const TP = 4;
const DATA = KERNBASE + 0x10_0000;

/** Runs the program on all harts at once: s0 holds the address of the shared data, s1 the number of rounds, tp the hart's number. */
async function run(harts: number, rounds: number, source: string): Promise<Guest> {
  const guest = new Guest(harts);
  guest.load(source);
  for (const hart of guest.harts) {
    hart.setX(S0, BigInt(DATA));
    hart.setX(S1, BigInt(rounds));
    hart.setX(TP, BigInt(hart.id));
  }
  await guest.runAll();
  for (const hart of guest.harts) expect(hart.cause).toBe(Cause.Breakpoint);
  return guest;
}

const word = (guest: Guest, offset = 0): number => guest.memory.ram.load64(DATA + offset);
const a0 = (guest: Guest): bigint[] => guest.harts.map((hart) => hart.getX(A0));

/** Ends when the rounds in s1 are done. */
const repeat = (body: string): string => `again: ${body}\naddi s1,s1,-1\nbnez s1,again\nebreak`;

/** All harts meet here; t5 holds the number of harts. Uses the word at s0 + 2048. */
const barrier = (name: string): string => `
  fence
  addi t0,s0,2040
  addi t0,t0,8
  li t1,1
  amoadd.d t2,t1,(t0)
  div t2,t2,t5
  addi t2,t2,1
  mul t2,t2,t5
  ${name}: ld t1,0(t0)
  blt t1,t2,${name}
  fence`;

describe.each(sampled([4, 2], 2))('%i harts', (harts) => {
  const rounds = (isLongForm ? 30_000 : 12_000) / harts;

  it.each(sampled(['w', 'd'], 2))('lose no amoadd.%s', async (suffix) => {
    const guest = await run(harts, rounds, repeat(`li t0,1\namoadd.${suffix} t1,t0,(s0)`));
    expect(word(guest)).toBe(harts * rounds);
  });

  it.each(sampled(['w', 'd'], 2, 1))('lose no increment by lr.%s and sc', async (suffix) => {
    const body = `retry: lr.${suffix} t0,(s0)\naddi t0,t0,1\nsc.${suffix} t1,t0,(s0)\nbnez t1,retry`;
    expect(word(await run(harts, rounds, repeat(body)))).toBe(harts * rounds);
  });

  it('lose no increment when some use amoadd and others lr and sc on the same word', async () => {
    const body = `andi t2,tp,1
      beqz t2,atomic
      retry: lr.d t0,(s0)\naddi t0,t0,1\nsc.d t1,t0,(s0)\nbnez t1,retry\nj counted
      atomic: li t0,1\namoadd.d t1,t0,(s0)
      counted:`;
    expect(word(await run(harts, rounds, repeat(body)))).toBe(harts * rounds);
  });

  it('lose no amomax: the greatest number stays', async () => {
    const body = 'slli t0,s1,3\nor t0,t0,tp\namomax.d t1,t0,(s0)\namomaxu.w t1,t0,(s0)';
    expect(word(await run(harts, rounds, repeat(body)))).toBe(rounds * 8 + harts - 1);
  });

  it.each([
    ['lr and sc', 'lr.w t0,(s0)\nbnez t0,lock\nli t0,1\nsc.w t1,t0,(s0)\nbnez t1,lock', 'fence rw,w\nsw zero,0(s0)'],
    ['amoswap', 'li t0,1\namoswap.w.aq t1,t0,(s0)\nbnez t1,lock', 'amoswap.w.rl zero,zero,(s0)'],
  ])('exclude each other by a lock of %s', async (_, acquire, release) => {
    const body = `lock: ${acquire}\nfence r,rw\nld t2,64(s0)\naddi t2,t2,1\nsd t2,64(s0)\n${release}`;
    const guest = await run(harts, rounds / 4, repeat(body));
    expect(word(guest, 64)).toBe((harts * rounds) / 4);
  });

  it('that reserve in ever new frames at the same time wait for each other without end', async () => {
    // Each hart has stored to all the frames before, so each must give its write-TLB entries up.
    const frames = 64;
    const source = `li t5,${harts}
      li t3,${frames}\nmv t4,s0\nli t6,4096
      warm: sb zero,100(t4)\nadd t4,t4,t6\naddi t3,t3,-1\nbnez t3,warm
      ${barrier('ready')}
      li t3,${frames}
      frame: add s0,s0,t6
      retry: lr.d t0,(s0)\naddi t0,t0,1\nsc.d t1,t0,(s0)\nbnez t1,retry
      addi t3,t3,-1\nbnez t3,frame\nebreak`;
    const guest = await run(harts, 0, source);
    for (let frame = 1; frame <= frames; frame++) expect(word(guest, frame * 4096)).toBe(harts);
  });

  it.runIf(isLongForm)('see what was stored before a flag, once they see the flag, behind fences', async () => {
    // Hart 0 writes round numbers to data and then to the flag; the rest read the flag, then the data.
    const source = `bnez tp,reader
      ${repeat('sd s1,128(s0)\nfence w,w\nsd s1,256(s0)')}
      reader: li a0,0
      next: ld t0,256(s0)\nfence r,r\nld t1,128(s0)
      beqz t0,next
      # s1 counts down, so the data may be later, that is smaller, but never larger than the flag.
      bleu t1,t0,fine\naddi a0,a0,1
      fine: li t2,1\nbne t0,t2,next\nebreak`;
    expect(a0(await run(harts, 50_000, source)).slice(1)).toEqual(Array.from({ length: harts - 1 }, () => 0n));
  });
});

describe('two harts that each store and then load what the other stored', () => {
  it('never both miss the other, with a fence between', async () => {
    // Harts 0 and 1 write their own word of a fresh round and read the other's.
    const source = `li t5,2\nli a0,0\nli t3,1
      xori t4,tp,1\nslli t4,t4,8\nadd t4,t4,s0\nslli s2,tp,8\nadd s2,s2,s0
      again: ${barrier('start')}
      sd t3,0(s2)\nfence\nld a1,0(t4)
      slt a1,a1,t3\nslli a2,tp,3\nadd a2,a2,s0\nsd a1,1024(a2)
      ${barrier('end')}
      ld a1,1024(s0)\nld a2,1032(s0)\nand a1,a1,a2\nadd a0,a0,a1
      addi t3,t3,1\naddi s1,s1,-1\nbnez s1,again\nebreak`;
    expect(a0(await run(2, 500, source))).toEqual([0n, 0n]);
  });
});

describe('a store-conditional', () => {
  /** In every one of them the other hart acts between the two: nothing is left to chance. */
  const ROUNDS = 40;

  /** Hart 0 reserves a word, lets hart 1 act, and tries to store; a0 counts its successes. Hart 1 puts the old value back. */
  const program = (act: string): string => `bnez tp,other
    li a0,0
    warm: ld t1,1040(s0)\nbeqz t1,warm
    again: lr.d t0,(s0)
    fence\nsd s1,1024(s0)
    wait: ld t1,1032(s0)\nbne t1,s1,wait\nfence
    sc.d t2,t0,(s0)\nxori t2,t2,1\nadd a0,a0,t2
    addi s1,s1,-1\nbnez s1,again\nebreak
    other: sd zero,0(s0)\nfence\nsd s1,1040(s0)
    turn: ld t1,1024(s0)\nbne t1,s1,turn\nfence
    ${act}
    fence\nsd s1,1032(s0)
    addi s1,s1,-1\nbnez s1,turn\nebreak`;

  const acts: readonly [string, string][] = [
    ['plain stores that put the old value back', 'li t3,7\nsd t3,0(s0)\nsd zero,0(s0)'],
    ['a plain store of the value that is there', 'sd zero,0(s0)'],
    ['a store of one byte of it', 'sb zero,3(s0)'],
    ['a misaligned store that touches it', 'sw zero,-2(s0)'],
    ['atomic operations that put the old value back', 'li t3,7\namoswap.d t3,t3,(s0)\namoswap.d t3,t3,(s0)'],
    ['an amomax that leaves it', 'amomax.d t3,zero,(s0)'],
    ['a store-conditional of the old value', 'redo: lr.d t3,(s0)\nsc.d t4,t3,(s0)\nbnez t4,redo'],
  ];
  it.each(sampled(acts, 3))('fails after %s by another hart', async (_, act) => {
    expect(a0(await run(2, ROUNDS, program(act)))[0]).toBe(0n);
  });

  it('succeeds when the other hart has stored elsewhere in the page', async () => {
    expect(a0(await run(2, ROUNDS, program('sd s1,512(s0)\nsb s1,100(s0)')))[0]).toBe(BigInt(ROUNDS));
  });
});
