import { IndexSettings, type IndexStatusParams } from '@tabstop/protocol';
import { fakeClock, settle } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { attentionOf, createIndexService, type IndexService } from '../../src/server/index-service.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import { type FakeIndex, fakeIndex } from '../search/fake-index.ts';

const SETTINGS = IndexSettings.parse({});

interface Session {
  readonly service: IndexService;
  readonly clock: ReturnType<typeof fakeClock>;
  /** States told, repetitions left out. */
  readonly states: string[];
  /** `open /a`, and what was called of each index, by its folders. */
  readonly calls: string[];
  readonly opened: FakeIndex[];
  readonly problems: string[];
}

function session(
  options: { folders?: readonly string[]; settings?: Partial<IndexSettings>; open?: (attempt: number) => void } = {},
): Session {
  const clock = fakeClock();
  const states: string[] = [];
  const calls: string[] = [];
  const opened: FakeIndex[] = [];
  const problems: string[] = [];
  let attempts = 0;
  const service = createIndexService({
    async open(folders) {
      await options.open?.(++attempts);
      calls.push(`open ${folders}`);
      const index = fakeIndex({}, { calls, name: `${folders}: `, status: { state: 'reconciling' } });
      opened.push(index);
      return index;
    },
    folders: options.folders ?? ['/a'],
    settings: { ...SETTINGS, ...options.settings },
    quiet: 1_000,
    setTimeout: clock.setTimeout,
    clearTimeout: (timer) => clock.clearTimeout(timer as number | undefined),
    onStatus: ({ state }: IndexStatusParams) => {
      if (states.at(-1) !== state) states.push(state);
    },
    onProblem: (message) => problems.push(message),
  });
  return { service, clock, states, calls, opened, problems };
}

describe('the index of a session', () => {
  test('opens when the start is over, and tells how it goes', async () => {
    const { clock, states, calls, opened, service } = session();
    await clock.advance(999);
    expect([states, calls]).toEqual([['waiting'], []]);
    await clock.advance(1);
    opened[0]!.become({ state: 'indexing', done: 1, total: 2 });
    opened[0]!.become({ state: 'ready' });
    expect(states).toEqual(['waiting', 'starting', 'reconciling', 'indexing', 'ready']);
    expect(calls).toEqual(['open /a']);
    expect(service.status.files).toBe(2);
  });

  test('opens at once for a question', async () => {
    const { service, clock, calls } = session();
    expect((await service.index()).status().state).toBe('reconciling');
    await clock.advance(5_000);
    expect(calls).toEqual(['open /a']);
  });

  test.each([
    [{ folders: [] }, 'no-folder', 'No folder is open, so there is nothing to search.'],
    [{ settings: { enabled: false } }, 'off', 'The index is switched off (tabstop.index.enabled).'],
  ])('%j: there is none, and it says why', async (options, state, reason) => {
    const { service, clock, states, calls } = session(options);
    await clock.advance(1_000);
    await expect(service.index()).rejects.toThrow(reason);
    expect([states, calls]).toEqual([[state], []]);
  });

  test('follows the folders: the one before is closed first', async () => {
    const { service, clock, calls, states, opened } = session();
    await clock.advance(1_000);
    service.setFolders(['/a', '/b']);
    // A question meanwhile waits for the one of now.
    expect(await service.index()).toBe(opened[1]);
    expect(calls).toEqual(['open /a', '/a: dispose', 'open /a,/b']);
    service.setFolders(['/a', '/b']);
    service.setFolders([]);
    await settle();
    expect(calls.slice(3)).toEqual(['/a,/b: dispose']);
    expect(states.at(-1)).toBe('no-folder');
  });

  test('of several changes in a row only the last one counts', async () => {
    const { service, clock, calls } = session();
    await clock.advance(1_000);
    service.setFolders(['/b']);
    service.setFolders(['/c']);
    service.setFolders(['/d']);
    await settle();
    expect(calls).toEqual(['open /a', '/a: dispose', 'open /d']);
  });

  test('folders that change while it waits are the ones that are opened', async () => {
    const { service, clock, calls } = session();
    service.setFolders(['/b']);
    await clock.advance(1_000);
    expect(calls).toEqual(['open /b']);
  });

  test('opens anew for a setting that changed, and for no other', async () => {
    const { service, clock, calls } = session();
    await clock.advance(1_000);
    service.configure({ ...SETTINGS });
    await settle();
    expect(calls).toEqual(['open /a']);
    service.configure({ ...SETTINGS, embedding: { ...SETTINGS.embedding, address: 'http://localhost:1/v1' } });
    await settle();
    service.configure({ ...SETTINGS, enabled: false });
    await settle();
    expect(calls).toEqual(['open /a', '/a: dispose', 'open /a', '/a: dispose']);
  });

  test('stays paused when a setting opens it anew, not in other folders', async () => {
    const { service, clock, calls, states } = session();
    await clock.advance(1_000);
    (await service.index()).pause();
    service.configure({ ...SETTINGS, maxFileSize: 1 });
    await settle();
    expect(calls).toEqual(['open /a', '/a: pause', '/a: dispose', 'open /a', '/a: pause']);
    expect(states.at(-1)).toBe('paused');
    service.setFolders(['/b']);
    await settle();
    expect(calls.slice(5)).toEqual(['/a: dispose', 'open /b']);
  });

  test('a failure is told in words, and tried again only when asked', async () => {
    const { service, clock, calls, problems } = session({
      open(attempt) {
        return attempt === 1 ? Promise.reject(new Error('no space left on the disk')) : undefined;
      },
    });
    await clock.advance(1_000);
    expect(service.status).toMatchObject({ state: 'failed', problem: 'no space left on the disk' });
    await expect(service.index()).rejects.toThrow('The index could not be opened: no space left on the disk');
    expect(problems).toEqual(['the index could not be opened: no space left on the disk']);
    expect(calls).toEqual([]);
    service.retry();
    expect((await service.index()).status().state).toBe('reconciling');
    service.retry();
    await settle();
    expect(calls).toEqual(['open /a']);
  });

  test('folders that change while it is being opened: what was opened is closed again', async () => {
    const gate = Promise.withResolvers<void>();
    const { service, clock, calls, states } = session({
      open: (attempt) => (attempt === 1 ? gate.promise : undefined),
    });
    await clock.advance(1_000);
    service.setFolders(['/b']);
    await settle();
    expect(calls).toEqual([]);
    gate.resolve();
    await settle();
    expect(calls).toEqual(['open /a', '/a: dispose', 'open /b']);
    expect(states).toEqual(['waiting', 'starting', 'reconciling']);
  });

  test('closed with the session, and never opened after', async () => {
    const early = session();
    await early.service.dispose();
    await early.clock.advance(5_000);
    expect(early.calls).toEqual([]);
    const late = session();
    await late.clock.advance(1_000);
    await late.service.dispose();
    late.opened[0]!.become({ state: 'ready' });
    expect([late.calls, late.states.at(-1)]).toEqual([['open /a', '/a: dispose'], 'reconciling']);
  });
});

test('attention: files that are open, and those edited last, each once', () => {
  let snapshot = Snapshot.empty;
  for (const path of ['/p/a.ts', '/p/b.ts', 'untitled:Untitled-1', '/p/c.ts'])
    snapshot = snapshot.open({ path, languageId: 'typescript', version: 1, text: 'one two' });
  for (const [at, path] of ['/p/a.ts', '/p/b.ts', 'untitled:Untitled-1', '/p/a.ts'].entries()) {
    const known = snapshot.documents.get(path)!;
    snapshot = snapshot.change({
      path,
      baseVersion: known.version,
      version: known.version + 1,
      edits: [[0, 0, `x${at} `]],
      origin: 'paste',
      at,
    });
  }
  expect(attentionOf(snapshot)).toEqual({ open: ['/p/a.ts', '/p/b.ts', '/p/c.ts'], edited: ['/p/a.ts', '/p/b.ts'] });
});
