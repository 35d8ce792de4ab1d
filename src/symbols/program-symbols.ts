import { DataNames } from './data-names.js';
import { CodeMap, type CodePlace, type SourceLine } from './dwarf/code-map.js';
import { DataMap, type DataPlace } from './dwarf/data-map.js';
import { FrameMap } from './dwarf/frame-map.js';
import { DebugSections } from './dwarf/sections.js';
import { Units } from './dwarf/units.js';
import { ElfError, ElfReader, hex } from './elf-reader.js';
import { readSections } from './elf-sections.js';
import { type ElfSymbol, readSymbols } from './elf-symbols.js';
import { FunctionNames } from './function-names.js';
import { type ReadStack, type Standing, walkStack } from './stack.js';

/** A function on a stack. */
export interface StackFrame {
  /** Where the hart stands in it, or returns to. */
  readonly pc: number;
  /** undefined where neither debug information nor symbols know it. */
  readonly function: string | undefined;
  readonly source: SourceLine | undefined;
  /** Whether its code stands in the function of the next frame. */
  readonly isInlined: boolean;
}

/**
 * What the addresses of a program are called: from its debug information; without that from its symbols; without those they are
 * numbers. Each part is read when it is first asked for.
 */
export class ProgramSymbols {
  /** By address. */
  readonly symbols: readonly ElfSymbol[];
  private readonly functions: FunctionNames;
  private readonly data: DataNames;
  private readonly debug: DebugSections;
  private units: Units | undefined;
  private codeMap: CodeMap | undefined;
  private dataMap: DataMap | undefined;
  private frameMap: FrameMap | undefined;
  private readonly broken = new Map<Part, string>();

  /** @param bytes of an ELF file. Throws `ElfError` when its tables of sections and symbols are damaged. */
  constructor(bytes: Uint8Array) {
    const file = new ElfReader(bytes);
    const sections = readSections(file);
    this.symbols = readSymbols(file, sections);
    this.functions = new FunctionNames(this.symbols);
    this.data = new DataNames(this.symbols, sections);
    this.debug = new DebugSections(file, sections);
  }

  /** Whether the file has debug information. (Damaged, it has some too.) */
  get hasDebugInformation(): boolean {
    return this.debug.has('.debug_info');
  }

  /** What was found damaged so far, a line each; what it would have told is missing from the answers. */
  get damage(): readonly string[] {
    return [...new Set(this.broken.values())];
  }

  /** The function around an instruction and those inlined around it, innermost first; empty where nothing is known. */
  codeAt(pc: number): CodePlace[] {
    const places = this.attempt('code', () => this.code.at(pc)) ?? [];
    const name = this.functions.at(pc)?.name;
    if (places.length === 0) return name === undefined ? [] : [{ function: name, source: undefined }];
    // Of assembly, debug information has lines only.
    return places.map((place) => (place.function === undefined ? { ...place, function: name } : place));
  }

  /** `kfree+0x1c (kernel/kalloc.c:58)`, as much of it as is known, or the number. */
  describeCode(pc: number): string {
    const [inner] = this.codeAt(pc);
    if (inner === undefined) return hex(pc);
    return `${this.functions.nameWithOffset(pc) ?? inner.function ?? hex(pc)}${sourceText(inner.source)}`;
  }

  /** `kfree+0x1c`, by the symbol table; undefined where no function is known. */
  nameOfCode(pc: number): string | undefined {
    return this.functions.nameWithOffset(pc);
  }

  /** The smallest part of a variable around an address; undefined where debug information knows none. */
  dataAt(address: number): DataPlace | undefined {
    return this.attempt('data', () => this.variables.at(address));
  }

  /** `kmem.freelist`; `kmem+24` without debug information; the name of the code where there is some; or the number. */
  describeData(address: number): string {
    const place = this.dataAt(address);
    if (place !== undefined) {
      const offset = address - place.address;
      return offset === 0 ? place.name : `${place.name}+${offset}`;
    }
    return this.data.at(address) ?? this.functions.nameWithOffset(address) ?? hex(address);
  }

  /** `kmem.freelist` → where it lies and what it is; undefined where there is none. */
  findData(name: string): DataPlace | undefined {
    return this.attempt('data', () => this.variables.find(name));
  }

  /** Where a function begins, by the symbol table; undefined where there is none of the name. */
  findFunction(name: string): ElfSymbol | undefined {
    return this.symbols.find((s) => s.kind !== 'object' && s.name === name);
  }

  /** The functions that a hart is in, innermost first, with those that were inlined. */
  stack(start: Standing, read: ReadStack): StackFrame[] {
    const places = walkStack(start, read, {
      rulesAt: (pc) => this.attempt('frames', () => this.frames.rulesAt(pc)),
      offsetInFunction: (pc) => this.functions.at(pc)?.offset,
    });
    return places.flatMap(({ pc, isReturn }) => {
      const around = this.codeAt(isReturn ? pc - 1 : pc);
      if (around.length === 0) return [{ pc, function: undefined, source: undefined, isInlined: false }];
      return around.map((place, i) => ({ pc, ...place, isInlined: i < around.length - 1 }));
    });
  }

  private get code(): CodeMap {
    this.codeMap ??= new CodeMap(this.allUnits);
    return this.codeMap;
  }
  private get variables(): DataMap {
    this.dataMap ??= new DataMap(this.allUnits);
    return this.dataMap;
  }
  private get frames(): FrameMap {
    this.frameMap ??= new FrameMap(this.debug);
    return this.frameMap;
  }
  private get allUnits(): Units {
    this.units ??= new Units(this.debug);
    return this.units;
  }

  /** Of a damaged part we say so once and go on without it: a wrong line number is no reason to lose a report. */
  private attempt<T>(part: Part, read: () => T): T | undefined {
    if (this.broken.has(part)) return undefined;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ElfError)) throw error;
      this.broken.set(part, error.message);
      return undefined;
    }
  }
}

type Part = 'code' | 'data' | 'frames';

/** ` (kernel/kalloc.c:58)`; empty where no line is known. */
export function sourceText(source: SourceLine | undefined): string {
  if (source === undefined) return '';
  return source.line === 0 ? ` (${source.file})` : ` (${source.file}:${source.line})`;
}
