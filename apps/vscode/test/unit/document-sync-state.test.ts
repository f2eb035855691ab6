import { checksumOf, MAX_TEXT_LENGTH, type WireEdit } from '@tabstop/protocol';
import { fakeClock, seededRandom } from '@tabstop/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentSyncState, type LiveDocument } from '../../src/sync/document-sync-state.ts';

/** A document that can be edited, and a transcript of what the engine is told. */
function stage() {
  const clock = fakeClock();
  const transcript: string[] = [];
  const sent: { method: string; params: Record<string, unknown> }[] = [];
  const state = documentSyncState({
    timers: clock,
    send(method, params) {
      sent.push({ method, params: params as Record<string, unknown> });
      const { path, ...rest } = params as Record<string, unknown>;
      transcript.push(`${clock.now()} ${method} ${path} ${JSON.stringify(rest)}`);
    },
  });
  const document = (path: string, text: string, version = 1) => {
    const live = { path, text, version };
    const handle: LiveDocument = {
      path,
      scheme: 'file',
      languageId: 'typescript',
      version: () => live.version,
      text: () => live.text,
    };
    return {
      live,
      handle,
      edit(...edits: WireEdit[]) {
        for (const [start, end, insert] of [...edits].reverse()) {
          live.text = live.text.slice(0, start) + insert + live.text.slice(end);
        }
        live.version++;
        state.changed(path, live.version, edits, 'typed');
      },
    };
  };
  const take = () => transcript.splice(0).join('\n');
  return { clock, state, document, take, sent };
}

test('a document is sent whole, then by its changes, then by a checksum when typing pauses', async () => {
  const { clock, state, document, take } = stage();
  state.engineReady();
  const a = document('/a.ts', 'let x;');
  state.opened(a.handle, false);
  a.edit([5, 5, '=']);
  await clock.advance(300);
  a.edit([6, 6, '1']);
  await clock.advance(2_000);
  state.closed('/a.ts');
  expect(take()).toBe(
    [
      '0 document/open /a.ts {"scheme":"file","languageId":"typescript","version":1,"text":"let x;","readOnly":false}',
      '0 document/change /a.ts {"baseVersion":1,"version":2,"edits":[[5,5,"="]],"origin":"typed","length":7}',
      '300 document/change /a.ts {"baseVersion":2,"version":3,"edits":[[6,6,"1"]],"origin":"typed","length":8}',
      `1300 document/change /a.ts {"baseVersion":3,"version":3,"edits":[],"origin":"typed","length":8,"checksum":${checksumOf('let x=1;')}}`,
      '2300 document/close /a.ts {}',
    ].join('\n'),
  );
});

test('nothing is sent while there is no engine; the next one gets everything, with the unsaved changes', async () => {
  const { clock, state, document, take } = stage();
  const a = document('/a.ts', 'a');
  const b = document('/b.ts', 'b');
  state.opened(a.handle, false);
  state.opened(b.handle, true);
  state.cursorMoved('/a.ts', 1, false);
  a.edit([1, 1, '!']);
  await clock.advance(5_000);
  expect(take()).toBe('');
  state.engineReady();
  expect(take()).toBe(
    [
      '5000 document/open /a.ts {"scheme":"file","languageId":"typescript","version":2,"text":"a!","readOnly":false}',
      '5000 document/open /b.ts {"scheme":"file","languageId":"typescript","version":1,"text":"b","readOnly":true}',
      '5000 document/cursor /a.ts {"offset":1,"selecting":false}',
    ].join('\n'),
  );
});

test('a checksum on its way dies with the engine', async () => {
  const { clock, state, document, take } = stage();
  state.engineReady();
  const a = document('/a.ts', 'a');
  state.opened(a.handle, false);
  a.edit([1, 1, '!']);
  take();
  state.engineGone();
  await clock.advance(5_000);
  expect(take()).toBe('');
});

test('a resend tells the newest text, and changes go on from there', () => {
  const { state, document, take } = stage();
  state.engineReady();
  const a = document('/a.ts', 'one');
  state.opened(a.handle, false);
  a.edit([3, 3, ' two']);
  take();
  state.resend('/a.ts');
  a.edit([0, 3, '1']);
  state.resend('/unknown.ts');
  expect(take()).toBe(
    [
      '0 document/open /a.ts {"scheme":"file","languageId":"typescript","version":2,"text":"one two","readOnly":false}',
      '0 document/change /a.ts {"baseVersion":2,"version":3,"edits":[[0,3,"1"]],"origin":"typed","length":5}',
    ].join('\n'),
  );
});

test('read-only is told when it changes', () => {
  const { state, document, take } = stage();
  state.engineReady();
  const a = document('/a.ts', '');
  state.opened(a.handle, false);
  take();
  state.readOnlyChanged('/a.ts', false);
  state.readOnlyChanged('/a.ts', true);
  state.readOnlyChanged('/a.ts', true);
  expect(take()).toBe('0 document/readOnly /a.ts {"readOnly":true}');
  expect(state.isReadOnly('/a.ts')).toBe(true);
});

test('a text beyond the limit is told by its length alone', () => {
  const { state, document, sent } = stage();
  state.engineReady();
  const big = document('/big.ts', 'x'.repeat(MAX_TEXT_LENGTH - 1));
  state.opened(big.handle, false);
  big.edit([0, 0, 'yy']);
  big.edit([0, 0, 'z']);
  expect(
    sent.map(({ method, params }) => [method, (params.text as string | undefined)?.length, params.length]),
  ).toEqual([
    ['document/open', MAX_TEXT_LENGTH - 1, undefined],
    ['document/open', 0, MAX_TEXT_LENGTH + 1],
    ['document/change', undefined, MAX_TEXT_LENGTH + 2],
  ]);
  expect(sent[2]!.params.edits).toEqual([]);
});

test('cursors in documents that are not synchronised are not told', () => {
  const { state, take } = stage();
  state.engineReady();
  state.cursorMoved('chat-input:1', 3, false);
  expect(take()).toBe('');
});

test('property: whatever is typed, resent and restarted, the engine ends with the text of the editor', () => {
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('edit' as const), at: fc.nat(), drop: fc.nat(4), text: fc.string() }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('resend' as const) }) },
  );
  fc.assert(
    fc.property(fc.string(), fc.array(step, { maxLength: 40 }), (start, steps) => {
      const { state, document, sent } = stage();
      const a = document('/a.ts', start);
      state.opened(a.handle, false);
      state.engineReady();
      for (const one of steps) {
        if (one.kind === 'resend') state.resend('/a.ts');
        else if (one.kind === 'crash') {
          state.engineGone();
          state.engineReady();
        } else {
          const from = one.at % (a.live.text.length + 1);
          a.edit([from, Math.min(from + one.drop, a.live.text.length), one.text]);
        }
      }
      let text = '';
      let version = 0;
      for (const { method, params } of sent) {
        if (method === 'document/open') text = params.text as string;
        else {
          expect(params.baseVersion).toBe(version);
          for (const [from, to, insert] of params.edits as WireEdit[])
            text = text.slice(0, from) + insert + text.slice(to);
          expect(params.length).toBe(text.length);
        }
        version = params.version as number;
      }
      expect(text).toBe(a.live.text);
      expect(state.versionOf('/a.ts')).toBe(a.live.version);
    }),
    { seed: Math.floor(seededRandom(7)() * 1e9), numRuns: 300 },
  );
});
