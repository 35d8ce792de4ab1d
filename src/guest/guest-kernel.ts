import { SubjectError } from '../explore/subject.js';
import { type KernelImage, parseKernel } from '../machine/kernel-image.js';
import { KERNBASE } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { ElfError } from '../symbols/elf-reader.js';
import { ProgramSymbols } from '../symbols/program-symbols.js';
import { type FittedProfile, fitProfile } from './fit-profile.js';
import { FreeLists } from './free-list.js';
import { type GuestConfig, readGuestFile } from './guest-config.js';
import type { AddressRange } from './own-accesses.js';
import { parseProfile } from './parse-profile.js';
import { ProfileError, XV6_PROFILE } from './profile.js';

/** The array in which xv6, and everything that grew from it, keeps what each hart has for itself. */
const PER_HART = 'cpus';

/** What is known of a kernel image: where it is loaded, what its addresses are called, which of its functions mean what. */
export class GuestKernel {
  readonly image: KernelImage;
  readonly symbols: ProgramSymbols;
  readonly profile: FittedProfile;
  /** The first address behind its code and data. */
  readonly end: number;

  /** Throws SubjectError when there is no such kernel. */
  constructor({ kernel, profile, memory }: Pick<GuestConfig, 'kernel' | 'profile' | 'memory'>) {
    const bytes = readGuestFile('kernel', kernel);
    try {
      this.image = parseKernel(bytes, { start: KERNBASE, end: KERNBASE + memory * 1024 * 1024 });
      this.symbols = new ProgramSymbols(bytes);
      const meant = profile === null ? XV6_PROFILE : parseProfile(profile, XV6_PROFILE);
      this.profile = fitProfile(meant, this.symbols.symbols);
    } catch (error) {
      if (!(error instanceof ElfError || error instanceof ProfileError)) throw error;
      throw new SubjectError(`${kernel.path}: ${error.message}`, { cause: error });
    }
    this.end = Math.max(...this.image.pieces.map(({ at, memSize }) => at + memSize));
  }

  /** Where the kernel keeps what belongs to one hart alone; undefined where debug information tells of no such place. */
  ownDataOf(hart: number): AddressRange | undefined {
    const [first, second, own] = [0, 1, hart].map((id) => this.symbols.findData(`${PER_HART}[${id}]`)?.address);
    if (first === undefined || second === undefined || own === undefined) return undefined;
    return { start: own, end: own + second - first };
  }

  /** As the memory has them, which must have come up. */
  freeLists({ ram, map }: SharedMemory): FreeLists {
    return new FreeLists(ram, map.physTop, this.symbols.symbols, this.end);
  }
}
