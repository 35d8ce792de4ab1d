/** A page of Markdown as its sections: what stands under a heading of the second level, by that heading. */
export type Sections = ReadonlyMap<string, string>;

/** `## Title`, then what stands below it, up to the next such heading; what stands above the first one is left out. */
export function sectionsOf(page: string): Sections {
  const parts = page.split(/^## (?=.)/m).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return end < 0 ? [part.trim(), ''] : [part.slice(0, end).trim(), part.slice(end).trim()];
    }),
  );
}

/** The page with `head` and those sections of `titles` that there are, in that order. */
export function pageOfSections(head: string, titles: readonly string[], sections: Sections): string {
  const texts = titles.flatMap((title) => (sections.has(title) ? [`## ${title}\n\n${sections.get(title)}`] : []));
  return `${[head.trim(), ...texts].join('\n\n')}\n`;
}
