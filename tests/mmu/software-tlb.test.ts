import { describe, expect, it } from 'vitest';
import { Hart } from '../../src/hart/hart.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { createInterpreter } from '../../src/interpreter/interpreter.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import { SoftwareTlb } from '../../src/mmu/software-tlb.js';

const VA = 0x1008;
const FRAME = 0x8010_0000;

describe("a hart's TLB as software sees it", () => {
  const memory = SharedMemory.create({ harts: 2, memory: 2 });
  const harts = memory.map.harts.map(
    (map, id) => new Hart(id, memory, createInterpreter(compileInterpreter())(memory, map)),
  );
  const tlbs = harts.map((hart) => new SoftwareTlb(memory, hart.map));

  it('gives the physical address of any byte of a page that was entered, on that hart and that side only', () => {
    tlbs[0]!.enter('writeTlb', VA, FRAME);
    expect(tlbs[0]!.find('writeTlb', VA + 4)).toBe(FRAME + VA + 4 - 0x1000);
    expect(tlbs[0]!.find('readTlb', VA)).toBeUndefined();
    expect(tlbs[1]!.find('writeTlb', VA)).toBeUndefined();
    expect(tlbs[0]!.find('writeTlb', VA + 0x1000)).toBeUndefined();
  });

  it("is emptied by the engine's own flush: of the page, of all pages, and by a new address space", () => {
    for (const flush of [
      () => harts[0]!.sfenceVma(VA),
      () => harts[0]!.sfenceVma(),
      () => harts[0]!.setAddressSpace(FRAME),
    ]) {
      tlbs[0]!.enter('writeTlb', VA, FRAME);
      flush();
      expect(tlbs[0]!.find('writeTlb', VA)).toBeUndefined();
    }
  });

  it('keeps the translation of a page when another page is flushed', () => {
    tlbs[0]!.enter('readTlb', VA, FRAME);
    harts[0]!.sfenceVma(VA + 0x1000);
    expect(tlbs[0]!.find('readTlb', VA)).toBe(FRAME + VA - 0x1000);
  });
});
