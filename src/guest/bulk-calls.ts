import type { Hart } from '../hart/hart.js';
import { PAGE_SIZE } from '../isa/sv39.js';
import { KERNBASE } from '../memory/map.js';
import type { ControlledAccess } from '../schedule/controlled-access.js';
import type { KnownFunction } from './fit-profile.js';
import type { GuestTranslation } from './guest-translation.js';
import type { WatchedWords } from './watched-words.js';

const RA = 1;
const [A0, A1, A2] = [10, 11, 12] as const;
const BYTE = 0xff;
/** Bytes from which on a call is carried out in one: short ones are the kernel's own business. */
const LEAST = 32;

interface Piece {
  readonly to: number;
  readonly from: number;
  readonly bytes: number;
}

/**
 * Fills and copies of a kernel, page by page in place of its loops over bytes. Other harts run before and after a page; what
 * they could see of half of one is left out of the schedules, as it is of the hosted kernel's.
 */
export class BulkCalls {
  private readonly byAddress: ReadonlyMap<number, KnownFunction>;

  constructor(
    private readonly hart: Hart,
    private readonly access: ControlledAccess,
    private readonly translation: GuestTranslation,
    private readonly watched: WatchedWords,
    functions: readonly KnownFunction[],
  ) {
    const bulk = functions.filter(({ role }) => role === 'fill' || role === 'copy');
    this.byAddress = new Map(bulk.map((known) => [known.address, known]));
  }

  /** The hart has come to an instruction by a jump. true: it was a fill or copy, which has been carried out and has returned. */
  carryOut(pc: number): boolean {
    const callee = this.byAddress.get(pc);
    if (callee === undefined) return false;
    const { hart, access, watched } = this;
    const isCopy = callee.role === 'copy';
    const to = hart.getNumber(A0);
    const from = isCopy ? hart.getNumber(A1) : to;
    const length = hart.getNumber(A2);
    if (length < LEAST || (isCopy && Math.abs(to - from) < length)) return false;
    const pieces = this.pieces(to, from, length, isCopy);
    if (pieces === undefined) return false;
    const byte = hart.getNumber(A1) & BYTE;
    for (const piece of pieces) {
      if (isCopy) access.copy(piece.to, piece.from, piece.bytes);
      else access.fill(piece.to, byte, piece.bytes);
      watched.changed(piece.to, piece.bytes);
    }
    hart.pc = BigInt.asUintN(64, hart.getX(RA));
    return true;
  }

  /** Physical; undefined: part of it is not there, or no RAM, and the kernel's own code is to find that out. */
  private pieces(to: number, from: number, length: number, isCopy: boolean): Piece[] | undefined {
    const pieces: Piece[] = [];
    for (let done = 0; done < length; ) {
      const left = (va: number) => PAGE_SIZE - ((va + done) % PAGE_SIZE);
      const bytes = Math.min(length - done, left(to), left(from));
      const target = this.physical(to + done, bytes, true);
      const source = isCopy ? this.physical(from + done, bytes, false) : target;
      if (target === undefined || source === undefined) return undefined;
      pieces.push({ to: target, from: source, bytes });
      done += bytes;
    }
    return pieces;
  }

  private physical(va: number, bytes: number, writes: boolean): number | undefined {
    const pa = this.translation.translate(va, writes)?.pa;
    const { physTop } = this.hart.memory.map;
    return pa === undefined || pa < KERNBASE || pa + bytes > physTop ? undefined : pa;
  }
}
