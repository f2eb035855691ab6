// Speaks the lines of `tabstop predict --jsonl`. Replaces the first `foo` of the cursor's document (after the events) by `bar`; the cases of
// run.test.ts that are to go wrong say how in their id. `--without fake` leaves it nothing to say.
import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin })) {
  const { id, documents, events, cursor, accept } = JSON.parse(line);
  if (id === 'dies') {
    process.stderr.write('out of luck\n');
    process.exit(3);
  }
  if (id === 'babbles') {
    process.stdout.write('hello\n');
    continue;
  }
  if (id === 'refuses') {
    process.stdout.write(`${JSON.stringify({ id, error: 'no such thing' })}\n`);
    continue;
  }
  let text = documents.find(({ path }) => path === cursor.path)?.text ?? '';
  for (const { path, edits } of events)
    if (path === cursor.path)
      for (const [start, end, insert] of edits.toReversed()) text = text.slice(0, start) + insert + text.slice(end);
  const at = process.argv.includes('fake') ? -1 : text.indexOf('foo');
  const edits = id === 'misfits' ? [[900, 901, '']] : [[at, at + 3, 'bar']];
  const suggestion = {
    path: cursor.path,
    edits,
    source: accept ? 'cheat' : 'fake',
    confidence: 0.8,
    ...(id === 'holds back' ? { shown: false } : {}),
  };
  process.stdout.write(`${JSON.stringify({ id, suggestions: at < 0 ? [] : [suggestion], ms: 2.5 })}\n`);
}
