/**
 * What the `continue` source saves in the typing sessions of a split, in this process, for several manners of choosing (`continue/choose.ts`):
 *
 *   node training/continue-sessions.ts train [--step 1] [--try '{"cost": 8}']…     (after: node evals/src/tab/make-cases.ts)
 *
 * The model is asked once for each state of a text, whatever the manner. For figures that count, use `npm run eval:tab -- --session`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';
import { finalTexts, replay } from '../evals/src/tab/replay.ts';
import { parseSessions } from '../evals/src/tab/session.ts';
import { parseCase } from '../packages/engine/src/cli/case.ts';
import { createPredictor } from '../packages/engine/src/cli/predictor.ts';
import type { Project } from '../packages/engine/src/cli/projects.ts';
import type { Engine } from '../packages/engine/src/server/compose.ts';
import {
  isShown,
  type Manner,
  type Option,
  ordered,
  STILL,
  TYPING,
} from '../packages/engine/src/tab/continue/choose.ts';
import { withLineOfItsOwn } from '../packages/engine/src/tab/continue/new-line.ts';
import type { ProjectLexicon } from '../packages/engine/src/tab/lexicon/project-lexicon.ts';
import { askedAt, isTyping } from '../packages/engine/src/tab/sources/continue.ts';
import type { Tab } from '../packages/engine/src/tab/tab.ts';
import { languageOf } from '../packages/engine/src/workspace/languages.ts';
import { contextOf, evalsCache, lexiconOf } from './continue/real-cases.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    step: { type: 'string', default: '1' },
    try: { type: 'string', multiple: true, default: ['{}'] },
    show: { type: 'boolean', default: false },
  },
});
const file = join(evalsCache, 'cases', positionals[0] ?? 'train', 'sessions.jsonl');
const sessions = parseSessions(readFileSync(file, 'utf8'), file).filter(
  (_, index) => index % Number(values.step) === 0,
);
interface Tried {
  name: string;
  typing: Manner;
  keys: number;
  pressed: number;
  right: number;
  wrong: number;
}
const manners = values.try.map((text): Tried => {
  const change = JSON.parse(text) as Partial<Manner>;
  return { name: text, typing: { ...TYPING, ...change }, keys: 0, pressed: 0, right: 0, wrong: 0 };
});

for (const session of sessions) {
  const lexicon = lexiconOf(session.root!);
  const memory = new Map<string, readonly Option[]>();
  for (const manner of manners) {
    const predictor = createPredictor({
      projects: { open: async () => projectOf(lexicon, manner.typing, memory), dispose: async () => {} },
      resolveRoot: (root) => root,
      now: () => 0,
    });
    const score = await replay(
      session,
      {
        async ask(question) {
          const { suggestions } = await predictor.answer(parseCase(question), new AbortController().signal);
          const read = suggestions.map((one) => ({
            ...one,
            edits: one.edits.map((edit): [number, number, string] => [...edit]),
            shown: one.shown ?? true,
          }));
          return { suggestions: read, ms: 0, wallMs: 0, error: undefined };
        },
        close: async () => {},
      },
      ({ index, suggestion, accepted }) => {
        if (values.show && suggestion)
          console.log(
            session.id,
            index,
            accepted ? 'RIGHT' : 'wrong',
            suggestion.confidence.toFixed(2),
            JSON.stringify(suggestion.edits[0]![2]),
          );
      },
    );
    for (const [path, text] of finalTexts(session))
      if ((score.texts.get(path) ?? '') !== text) throw new Error(`${session.id}: ${path} does not end as recorded`);
    if (score.errors.length > 0) throw new Error(`${session.id}: ${score.errors[0]}`);
    manner.keys += score.keys;
    manner.pressed += score.pressed;
    manner.right += score.right;
    manner.wrong += score.wrong;
  }
}
for (const { name, keys, pressed, right, wrong } of manners)
  console.log(
    `${name}: ${keys} keys, saved ${((100 * (keys - pressed)) / keys).toFixed(1)} %, right ${right}, wrong per 100 keys ${((100 * wrong) / keys).toFixed(2)}`,
  );

function projectOf(lexicon: ProjectLexicon, typing: Manner, memory: Map<string, readonly Option[]>): Project {
  let opened: readonly string[] = [];
  const tab: Pick<Tab, 'predict'> = {
    async predict(snapshot, { path, offset }) {
      const context = contextOf(snapshot, path, offset, lexicon);
      const { document } = context;
      const key = `${path}:${offset}:${document.length}:${crc32(document.content)}`;
      let options = memory.get(key);
      if (!options) {
        options = askedAt(context, withLineOfItsOwn(context))?.options.filter(({ score }) => score >= 0.1) ?? [];
        memory.set(key, options);
      }
      const [first] = ordered(options, isTyping(context) ? typing : STILL);
      if (!first || !isShown(first)) return { suggestions: [], ms: 0 };
      const { cut, score } = first;
      return {
        suggestions: [
          {
            id: '',
            kind: 'insert',
            path,
            edits: [[offset, offset, cut.text]],
            cursorAfter: 0,
            version: 1,
            source: 'continue',
            confidence: score,
            shown: true,
            evidence: [],
          },
        ],
        ms: 0,
      };
    },
  };
  return {
    engine: { tab } as unknown as Engine,
    readNow: () => undefined,
    init: (path, text) => ({ path, languageId: languageOf(path), version: 1, text }),
    async prepare(snapshot) {
      for (const path of opened) if (!snapshot.documents.has(path)) lexicon.close(path);
      for (const document of snapshot.documents.values()) lexicon.update(document);
      opened = [...snapshot.documents.keys()];
    },
  };
}
