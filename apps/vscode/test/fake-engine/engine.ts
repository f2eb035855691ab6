/**
 * An engine without a mind: it keeps documents as the real one does and answers by the rules in `rules.json` beside it. Browser tests use it
 * where a certain suggestion is needed, the latency measurement as the null provider. Bundled to one file by `assemble-extension.ts`.
 */
import { readFileSync } from 'node:fs';
import {
  checksumOf,
  type DocumentChange,
  type DocumentOpen,
  type IndexControl,
  type IndexStatusParams,
  Method,
  PROTOCOL_VERSION,
  type SearchQueryParams,
  type SearchQueryResult,
  type TabFeedback,
  type TabPredict,
  type TabPredictResult,
  type TabSuggestion,
} from '@tabstop/protocol';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { Rule } from './rules.ts';

const rules = JSON.parse(readFileSync(new URL('rules.json', import.meta.url), 'utf8')) as readonly Rule[];
const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
const documents = new Map<string, { version: number; text: string; readOnly: boolean }>();
const counts = new Map<string, Record<string, number>>();
const seen: TabSuggestion[] = [];
let next = 1;

connection.onRequest(Method.Initialize, () => ({
  protocolVersion: PROTOCOL_VERSION,
  engineVersion: 'fake',
  pid: process.pid,
}));
connection.onRequest(Method.Ping, () => 'pong');
connection.onRequest(Method.Shutdown, () => void setImmediate(() => process.exit(0)));
connection.onNotification(Method.DocumentOpen, ({ path, version, text, readOnly }: DocumentOpen) => {
  documents.set(path, { version, text, readOnly: readOnly ?? false });
});
connection.onNotification(Method.DocumentClose, ({ path }: { path: string }) => void documents.delete(path));
connection.onNotification(Method.DocumentChange, (change: DocumentChange) => {
  const document = documents.get(change.path);
  if (!document) return;
  for (const [start, end, text] of [...change.edits].reverse()) {
    document.text = document.text.slice(0, start) + text + document.text.slice(end);
  }
  const wrongBase = document.version !== change.baseVersion;
  document.version = change.version;
  const wrong = wrongBase || document.text.length !== change.length;
  if (wrong || (change.checksum !== undefined && change.checksum !== checksumOf(document.text))) {
    void connection.sendNotification(Method.DocumentResend, { path: change.path, reason: 'another text here' });
  }
});
connection.onNotification(Method.TabFeedback, ({ id, outcome }: TabFeedback) => {
  const source = seen.find((one) => one.id === id)?.source ?? 'unknown';
  const row = counts.get(source) ?? { shown: 0, accepted: 0, rejected: 0, ignored: 0 };
  row[outcome] = (row[outcome] ?? 0) + 1;
  counts.set(source, row);
});
connection.onRequest(Method.TabStats, () => ({
  sources: [...counts].map(([source, row]) => ({ source, ...row })),
  file: '',
  bytes: 0,
}));
connection.onRequest(Method.TabExplain, () => ({ shown: seen.at(-1), others: [], ms: 0 }));
connection.onRequest(Method.TabPredict, ({ path, offset }: TabPredict): TabPredictResult => {
  const document = documents.get(path);
  if (!document || document.readOnly) return { ms: 0, silence: 'excluded: read-only' };
  for (const rule of rules) {
    const suggestion = apply(rule, path, document.text, offset);
    if (!suggestion) continue;
    const known = seen.find((one) => JSON.stringify({ ...one, id: '' }) === JSON.stringify({ ...suggestion, id: '' }));
    if (!known) seen.push(suggestion);
    return { suggestion: known ?? suggestion, ms: 0.1 };
  }
  return { ms: 0.1, silence: 'no rule' };
});

// The index is as a test says it is: `status {…}` typed into a search makes it so, and `control` tells which buttons were pressed.
const READY: IndexStatusParams = {
  state: 'ready',
  files: 12,
  chunks: 34,
  embedded: 34,
  done: 0,
  total: 0,
  skipped: 0,
  follower: false,
  model: 'fake',
  bytes: 1_048_576,
};
const controls: string[] = [];
const tellIndex = (status: Partial<IndexStatusParams>) =>
  void connection.sendNotification(Method.IndexStatus, { ...READY, ...status });
connection.onRequest(Method.SearchQuery, ({ text }: SearchQueryParams): SearchQueryResult => {
  if (text.startsWith('status ')) tellIndex(JSON.parse(text.slice('status '.length)) as Partial<IndexStatusParams>);
  const answer = { results: [], ms: 1, notes: text === 'control' ? controls : [], state: 'complete' as const };
  if (text !== 'lexical') return answer;
  const result = { root: '/', path: 'gone.ts', startLine: 1, endLine: 1, score: 1, text: 'gone', language: 'x' };
  return { ...answer, state: 'lexical', results: [{ ...result, highlights: [], why: {} }] };
});
connection.onRequest(Method.IndexControl, ({ action }: IndexControl) => {
  controls.push(action);
  return null;
});
connection.onRequest(Method.SearchRelated, () => ({ files: [] }));

function apply(rule: Rule, path: string, text: string, offset: number): TabSuggestion | undefined {
  const base = {
    id: `fake-${next++}`,
    source: rule.source ?? 'fake',
    confidence: 0.9,
    evidence: ['a rule of the test'],
  };
  if (rule.kind === 'insert') {
    const before = text.slice(0, offset);
    // A part of the text may have been typed already.
    for (let typed = rule.text.length - 1; typed >= 0; typed--) {
      if (!before.endsWith(rule.after + rule.text.slice(0, typed))) continue;
      const rest = rule.text.slice(typed);
      const version = documents.get(path)!.version;
      return {
        ...base,
        kind: 'insert',
        path,
        edits: [[offset, offset, rest]],
        cursorAfter: offset + rest.length,
        version,
      };
    }
    return undefined;
  }
  if (rule.active !== undefined && !path.endsWith(rule.active)) return undefined;
  const places = [...documents]
    .filter(([key]) => rule.file === undefined || key.endsWith(rule.file))
    .sort(([a], [b]) => Number(b === path) - Number(a === path));
  for (const [key, target] of places) {
    if (rule.when !== undefined && !text.includes(rule.when)) continue;
    const at = target.text.indexOf(rule.find);
    if (at < 0) continue;
    return {
      ...base,
      kind: 'edit',
      path: key,
      edits: [[at, at + rule.find.length, rule.replace]],
      cursorAfter: at + rule.replace.length,
      version: target.version,
    };
  }
  return undefined;
}

connection.listen();
process.stdin.on('end', () => process.exit(0));
