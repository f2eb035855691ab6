import type { ApplyCase } from './make-case.ts';
import type { Answer, Outcome } from './outcome.ts';

interface Count {
  cases: number;
  unique: number;
  /** Of the unique ones. */
  uniqueRight: number;
  right: number;
  failed: number;
  wrong: number;
  times: number[];
}

export interface Figures {
  readonly title: string;
  readonly groups: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly baselines: Readonly<Record<string, Readonly<Record<Outcome, number>>>>;
  readonly reasons: Readonly<Record<string, number>>;
}

export interface Report {
  add(test: ApplyCase, answer: Answer, baselines: { patch: Outcome | undefined; exact: Outcome | undefined }): void;
  summary(title: string): { table: string; markdown: string; figures: Figures };
}

export function createReport(): Report {
  const groups = new Map<string, Count>();
  const baselines = new Map<string, Record<Outcome, number>>();
  const reasons = new Map<string, number>();
  const count = (name: string): Count => {
    const known = groups.get(name) ?? { cases: 0, unique: 0, uniqueRight: 0, right: 0, failed: 0, wrong: 0, times: [] };
    groups.set(name, known);
    return known;
  };
  return {
    add(test, answer, others) {
      for (const name of [
        'all',
        test.written,
        `document: ${test.document}`,
        `deviation: ${test.deviation}`,
        ...test.notes.map((n) => `${test.written}: ${n}`),
      ]) {
        const group = count(name);
        group.cases++;
        group[answer.outcome]++;
        if (test.unique) group.unique++;
        if (test.unique && answer.outcome === 'right') group.uniqueRight++;
        if (!name.includes(': ')) group.times.push(answer.milliseconds);
      }
      if (test.unique && answer.outcome === 'failed') {
        const key = `${test.written} ${answer.reason}`;
        reasons.set(key, (reasons.get(key) ?? 0) + 1);
      }
      for (const [name, outcome] of [
        ['applyPatch (diff)', others.patch],
        ['exact replace', others.exact],
      ] as const) {
        if (!outcome) continue;
        const known = baselines.get(name) ?? { right: 0, failed: 0, wrong: 0 };
        known[outcome]++;
        baselines.set(name, known);
      }
    },
    summary(title) {
      const rows = [...groups].filter(
        ([name, group]) => !name.startsWith('deviation') || (group.cases >= 50 && !name.includes(', ')),
      );
      const figures: Figures = {
        title,
        groups: Object.fromEntries(rows.map(([name, group]) => [name, figuresOf(group)])),
        baselines: Object.fromEntries(baselines),
        reasons: Object.fromEntries([...reasons].sort((a, b) => b[1] - a[1])),
      };
      const markdown = markdownOf(figures);
      return { table: markdown, markdown, figures };
    },
  };
}

function figuresOf(group: Count): Record<string, number> {
  const times = [...group.times].sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  return {
    cases: group.cases,
    right: group.right,
    failed: group.failed,
    wrong: group.wrong,
    unique: group.unique,
    uniqueRight: group.uniqueRight,
    ...(times.length > 0 ? { p50: round(at(0.5)), p99: round(at(0.99)) } : {}),
  };
}

const round = (value: number) => Math.round(value * 100) / 100;
const percent = (part: number, all: number) => (all === 0 ? '-' : `${((100 * part) / all).toFixed(2)} %`);

function markdownOf(figures: Figures): string {
  const lines = [
    `### Applying edits (${figures.title})`,
    '',
    '| | cases | right | reported | wrong | unique answer | placed right of these | p50 ms | p99 ms |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
  ];
  for (const [name, group] of Object.entries(figures.groups)) {
    const cells = [
      name,
      group.cases,
      group.right,
      group.failed,
      group.wrong,
      group.unique,
      percent(group.uniqueRight!, group.unique!),
      group.p50 ?? '',
      group.p99 ?? '',
    ];
    lines.push(`| ${cells.join(' | ')} |`);
  }
  lines.push('', '| on the same cases | right | reported | wrong |', '|---|---:|---:|---:|');
  const ours = { 'applyPatch (diff)': 'unified', 'exact replace': 'search-replace' } as const;
  for (const [name, counts] of Object.entries(figures.baselines)) {
    const format = ours[name as keyof typeof ours];
    const group = figures.groups[format]!;
    lines.push(`| ${name}, ${format} | ${counts.right} | ${counts.failed} | ${counts.wrong} |`);
    lines.push(`| Tabstop, ${format} | ${group.right} | ${group.failed} | ${group.wrong} |`);
  }
  return `${lines.join('\n')}\n`;
}
