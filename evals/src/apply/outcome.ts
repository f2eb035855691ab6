import { applyEdit, type Syntax } from '@tabstop/apply';
import { applyPatch } from 'diff';
import type { ApplyCase } from './make-case.ts';

/** `wrong`: a text that nobody meant and that was not reported. `failed`: reported, and what was placed is right. */
export type Outcome = 'right' | 'failed' | 'wrong';

export interface Answer {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly milliseconds: number;
  readonly text: string;
}

/** Applies a case with the syntax trees the command has, or without any, and compares with what was intended. */
export function answerOf(test: ApplyCase, now: () => number, syntax?: Syntax): Answer {
  const started = now();
  const result = applyEdit(test.original, test.edit, {
    format: test.format,
    path: test.path,
    ...(syntax ? { syntax } : {}),
  });
  const milliseconds = now() - started;
  const reason = [...new Set(result.hunks.map((hunk) => hunk.reason ?? hunk.status))].join('+');
  const outcome = result.complete
    ? result.text === test.intended
      ? 'right'
      : 'wrong'
    : test.partial.includes(result.text)
      ? 'failed'
      : 'wrong';
  return { outcome, reason, milliseconds, text: result.text };
}

/** `applyPatch` of the `diff` package with the fuzz it offers, for unified diffs as they come. */
export function patchBaseline(test: ApplyCase): Outcome {
  try {
    const patched = applyPatch(test.original, test.edit.replace(/^```.*\r?\n/gm, ''), {
      fuzzFactor: 2,
      autoConvertLineEndings: true,
    });
    if (patched === false) return 'failed';
    return patched === test.intended ? 'right' : 'wrong';
  } catch {
    return 'failed';
  }
}

/** What most tools do with search and replace: the first exact occurrence. */
export function exactBaseline(test: ApplyCase): Outcome {
  const edit = test.edit.replaceAll('\r\n', '\n');
  const blocks = [
    ...edit.matchAll(/^<{7} (?:SEARCH|ORIGINAL).*\n([\s\S]*?)^={7}\n([\s\S]*?)^>{7} (?:REPLACE|UPDATED)$/gm),
  ];
  if (blocks.length === 0) return 'failed';
  let text = test.original;
  for (const [, search, replace] of blocks) {
    const at = text.indexOf(search!);
    if (at < 0 || search === '') return 'failed';
    text = text.slice(0, at) + replace! + text.slice(at + search!.length);
  }
  return text === test.intended ? 'right' : 'wrong';
}
