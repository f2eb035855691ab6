import { Flex } from '../builtins.ts';
import type { FlexItem, PromptElement } from '../element.ts';
import { type Growth, growthOf, linesOf } from './lines.ts';

export interface DiffProps extends Growth {
  /** A unified diff of one or more files. */
  readonly diff: string;
}

/**
 * A diff that loses whole hunks: every file keeps its first hunk longest, then its second, so that each changed file is
 * seen as long as there is room. The header of a file is there when any of its hunks is.
 */
export function Diff(props: DiffProps): PromptElement {
  const sections = sectionsOf(props.diff);
  const files = sections.filter((section) => section.header).length;
  const items: FlexItem[] = [];
  let file = 0;
  let hunk = 0;
  for (const { header, text } of sections) {
    if (header) {
      file += 1;
      hunk = 0;
    }
    items.push({ order: hunk + file / (files + 1), content: text });
    if (!header) hunk += 1;
  }
  return Flex({ name: 'diff', gap: '…\n', items, ...growthOf(props) });
}

interface Section {
  readonly header: boolean;
  readonly text: string;
}

/**
 * File headers and hunks. Hunk lines are counted by the hunk's own header, so that a removed line "-- x" (printed "--- x")
 * is not taken for a file's.
 */
function sectionsOf(diff: string): Section[] {
  const sections: { header: boolean; text: string }[] = [];
  let removed = 0;
  let added = 0;
  for (const { text } of linesOf(diff)) {
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(text);
    if (hunk) {
      removed = Number(hunk[1] ?? 1);
      added = Number(hunk[2] ?? 1);
      sections.push({ header: false, text });
      continue;
    }
    const last = sections.at(-1);
    const within = removed > 0 || added > 0;
    if (within && last) {
      last.text += text;
      if (!text.startsWith('+') && !text.startsWith('\\')) removed -= 1;
      if (!text.startsWith('-') && !text.startsWith('\\')) added -= 1;
    } else if (last !== undefined && (last.header || text.startsWith('\\'))) last.text += text;
    else sections.push({ header: true, text });
  }
  return sections;
}
