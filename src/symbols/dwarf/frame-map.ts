import { type FrameDescription, readFrameDescriptions } from './frame-entries.js';
import { type FrameRules, rulesAt } from './frame-rules.js';
import type { DebugSections } from './sections.js';

/** How to leave the frames of a program's functions: .debug_frame and .eh_frame. */
export class FrameMap {
  private readonly descriptions: readonly FrameDescription[];

  constructor(sections: DebugSections) {
    this.descriptions = (['.debug_frame', '.eh_frame'] as const)
      .flatMap((section) => readFrameDescriptions(sections, section))
      .sort((a, b) => a.low - b.low);
  }

  /** undefined where nothing is known of the function. */
  rulesAt(pc: number): FrameRules | undefined {
    const description = this.descriptions.find(({ low, high }) => low <= pc && pc < high);
    return description === undefined ? undefined : rulesAt(description, pc);
  }
}
