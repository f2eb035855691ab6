import type { Document } from '../../workspace/document.ts';
import { occurrencesOf } from '../../workspace/tokens.ts';
import type { TabContext } from '../source.ts';
import { maskedCode } from './code-mask.ts';
import type { Finding } from './finding.ts';
import { type BracketList, headAt, listAt } from './parameters.ts';
import type { SignatureChange } from './signature-change.ts';

const HEADER = /\.h(?:h|pp|xx)?$/;
const ENDINGS = { header: ['h', 'hpp', 'hh', 'hxx'], implementation: ['c', 'cc', 'cpp', 'cxx'] };

/** The same function's head in the file beside (`a.h` and `a.c`), where it still has the old parameters, and in this very file (a prototype above). */
export async function* counterpartFindings(
  context: TabContext,
  document: Document,
  signature: SignatureChange,
  old: BracketList,
  signal: AbortSignal,
  age: number,
): AsyncIterable<Finding> {
  const isHeader = HEADER.test(document.path);
  const stem = document.path.replace(/\.\w+$/, '');
  const paths = [
    document.path,
    ...ENDINGS[isHeader ? 'implementation' : 'header'].map((ending) => `${stem}.${ending}`),
  ];
  for (const path of paths) {
    const text = context.snapshot.documents.get(path)?.content ?? (await context.files.read(path));
    if (signal.aborted) return;
    if (text === undefined) continue;
    const code = maskedCode(text, 'cpp', 'comments-and-strings');
    for (const at of occurrencesOf(code, signature.head.name)) {
      if (path === document.path && at === signature.head.nameStart) continue;
      const open = at + signature.head.name.length;
      if (code[open] !== '(' || !headAt(code, text, 'cpp', open)) continue;
      const list = listAt(code, text, open);
      if (!list || !samePlainList(list, old)) continue;
      yield {
        path,
        edits: [[list.open + 1, list.close, writtenFor(list, signature)]],
        kind: 'signature',
        features: { otherFile: path === document.path ? 0 : 1, toHeader: isHeader ? 0 : 1, age },
        evidence: [`${signature.head.name} has other parameters in ${document.path} now`],
      };
    }
  }
}

function plain(parameter: string): string {
  return parameter
    .replace(/\s*=.*$/s, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([*&])\s*/g, '$1');
}

function samePlainList(a: BracketList, b: BracketList): boolean {
  return (
    a.items.length === b.items.length &&
    a.items.every((item, index) => plain(item.text) === plain(b.items[index]!.text))
  );
}

/** Parameters that stay are written as they are over there, with their defaults; a new one without, as a default stands in one place only. */
function writtenFor(list: BracketList, { now, from }: SignatureChange): string {
  return now
    .map((parameter, index) => (from[index]! >= 0 ? list.items[from[index]!]!.text : parameter.replace(/\s*=.*$/s, '')))
    .join(', ');
}
