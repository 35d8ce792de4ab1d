/** What a person is told of a machine under a guest's kernel when it has ended. */
export interface GuestEnding {
  readonly end:
    | { readonly kind: 'until' | 'prompt' | 'fail'; readonly line: string }
    | { readonly kind: 'exit'; readonly status: number }
    | { readonly kind: 'reset' | 'killed' | 'stopped' };
  readonly places: readonly string[];
  readonly stacks: readonly (readonly string[])[];
  readonly damage: readonly string[];
  readonly lastLines: readonly string[];
  readonly failures: readonly string[];
  readonly wantsOtherVirtio: boolean;
}

/** Lines for stderr, each with its newline; empty when there is nothing to say that the console has not shown. */
export function guestText(ending: GuestEnding, interrupted: boolean): string {
  const { end, lastLines, failures, wantsOtherVirtio } = ending;
  const lines = failures.map((failure) => `hartbreak: ${failure}`);
  if (end.kind === 'reset') lines.push('hartbreak: the guest asked for a reset, and the machine ends with it');
  const hasFailed = end.kind === 'fail' || failures.length > 0;
  if (end.kind === 'fail') lines.push(`hartbreak: failed: ${end.line}`);
  if (hasFailed) lines.push('the last lines of the console:', ...lastLines.map((line) => `  ${line}`));
  if (hasFailed || interrupted) lines.push(...placesText(ending));
  if (hasFailed && wantsOtherVirtio)
    lines.push(
      'hartbreak: the kernel looked at the version of the disk’s transport and went no further: try the other --virtio',
    );
  return lines.map((line) => `\n${line}`).join('') + (lines.length === 0 ? '' : '\n');
}

/** A hart each, and below it the functions on its stack, innermost first. */
export function placesText({ places, stacks, damage }: GuestEnding): string[] {
  const harts = places.flatMap((place, hart) => [
    `hart ${hart} at pc ${place}`,
    ...(stacks[hart] ?? []).map((frame) => `  ${frame}`),
  ]);
  return [...harts, ...damage.map((line) => `hartbreak: of the kernel, ${line}`)];
}
