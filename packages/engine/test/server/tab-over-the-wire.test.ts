import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleEngine, type EngineProcess, type Message, startEngine } from './engine-process.ts';

let bundle: Awaited<ReturnType<typeof bundleEngine>>;
let folder: string;
const running: EngineProcess[] = [];

beforeAll(async () => {
  bundle = await bundleEngine();
  folder = await mkdtemp(join(tmpdir(), 'tabstop-tab-'));
}, 60_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.kill()));
});
afterAll(async () => {
  await bundle.remove();
  await rm(folder, { recursive: true, force: true });
});

const TEXT = 'const price = 1;\nshow(price);\nsend(price);\n';

/** An engine with a project of one file on disk, and a document open in it in which a rename has begun. */
async function renaming(name: string, options: { params?: object; answer?: EngineProcess['answer'] } = {}) {
  const project = join(folder, name);
  await mkdir(join(project, 'src'), { recursive: true });
  await writeFile(join(project, 'src', 'other.ts'), 'export const other = 1;\n');
  const dataDir = join(folder, `${name}-data`);
  const engine = startEngine(bundle.engine, dataDir);
  running.push(engine);
  engine.answer = options.answer;
  await engine.initialize({ folders: [project], dataDir, ...options.params });
  const path = join(project, 'src', 'a.ts');
  engine.notify('document/open', { path, languageId: 'typescript', version: 1, text: TEXT });
  await engine.until((message) => message.method === 'tab/status' && message.params.state === 'ready');
  engine.notify('document/cursor', { path, offset: 11 });
  await engine.request('tab/predict', { path, version: 1, offset: 11 });
  engine.notify('document/change', {
    path,
    baseVersion: 1,
    version: 2,
    edits: [[6, 11, 'cost']],
    origin: 'typed',
    length: TEXT.length - 1,
  });
  return { engine, path, dataDir, project };
}

/** Asks until the sources have had their time: what is late in one answer is in the next. */
async function predicted(engine: EngineProcess, params: object): Promise<Message['result']> {
  for (let attempt = 0; ; attempt++) {
    const { result } = await engine.request('tab/predict', params);
    if (result.suggestion || attempt > 20) return result;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a prediction', () => {
  test('comes with what the editor needs to show, explain and accept it', async () => {
    const { engine, path } = await renaming('shown');
    const { suggestion, ms, silence } = await predicted(engine, { path, version: 2, offset: 10 });
    expect(suggestion).toEqual({
      id: expect.any(String),
      kind: 'edit',
      path,
      edits: [[21, 26, 'cost']],
      cursorAfter: 25,
      version: 2,
      source: 'rename',
      confidence: expect.any(Number),
      evidence: expect.any(Array),
      walk: { index: 2, total: 3 },
    });
    expect([ms > 0, silence]).toEqual([true, undefined]);
    const explained = await engine.request('tab/explain');
    expect(explained.result.shown).toEqual(suggestion);
  });
  test('that the user takes or refuses is kept on disk, counted, and cleared', async () => {
    const { engine, path, dataDir } = await renaming('feedback');
    const { suggestion } = await predicted(engine, { path, version: 2, offset: 10 });
    engine.notify('tab/feedback', { id: suggestion.id, outcome: 'shown' });
    engine.notify('tab/feedback', { id: suggestion.id, outcome: 'accepted' });
    engine.notify('tab/feedback', { id: 'never seen', outcome: 'accepted' });
    const { result: stats } = await engine.request('tab/stats');
    expect(stats.sources).toEqual([{ source: 'rename', shown: 1, accepted: 1, rejected: 0, ignored: 0 }]);
    expect(stats.file).toBe(join(dataDir, 'tab-feedback.jsonl'));
    const kept = await readFile(stats.file, 'utf8');
    expect(JSON.parse(kept)).toMatchObject({ source: 'rename', language: 'typescript', outcome: 'accepted' });
    expect(kept).not.toContain('cost');
    expect(kept).not.toContain(path);
    await engine.request('tab/clearFeedback');
    await expect(readFile(stats.file)).rejects.toThrow('ENOENT');
  });
  test('survives a kill of the engine with its feedback', async () => {
    const { engine, path, dataDir } = await renaming('killed');
    const { suggestion } = await predicted(engine, { path, version: 2, offset: 10 });
    engine.notify('tab/feedback', { id: suggestion.id, outcome: 'rejected' });
    await engine.request('ping');
    await engine.kill();
    const second = startEngine(bundle.engine, dataDir);
    running.push(second);
    await second.initialize();
    expect((await second.request('tab/stats')).result.sources).toMatchObject([{ source: 'rename', rejected: 1 }]);
  });
  test.each([
    ['tab.enabled', { enabled: false }, 'off'],
    ['tab.disabledLanguages', { disabledLanguages: ['typescript'] }, 'off for typescript'],
    ['tab.minConfidence', { minConfidence: 1 }, /its confidence of \d+ % is below 100 %/],
    ['tab.disabledSources', { disabledSources: ['rename', 'propagate', 'continue'] }, 'no source had anything'],
  ])('follows %s at once', async (name, tab, silence) => {
    const { engine, path } = await renaming(name);
    expect((await predicted(engine, { path, version: 2, offset: 10 })).suggestion.source).toBe('rename');
    engine.notify('settings/changed', { tab });
    const { result } = await engine.request('tab/predict', { path, version: 2, offset: 10 });
    expect(result).toEqual({
      ms: expect.any(Number),
      silence: typeof silence === 'string' ? silence : expect.stringMatching(silence),
    });
  });
  test('is none in a read-only document, and for an older version', async () => {
    const { engine, path } = await renaming('read-only');
    expect((await engine.request('tab/predict', { path, version: 1, offset: 10 })).result.silence).toBe(
      'the document has changed since',
    );
    engine.notify('document/readOnly', { path, readOnly: true });
    expect((await engine.request('tab/predict', { path, version: 2, offset: 10 })).result.silence).toBe(
      'left alone: read-only',
    );
  });
  test('never writes into the project', async () => {
    const { engine, path, project } = await renaming('clean');
    await predicted(engine, { path, version: 2, offset: 10 });
    await engine.request('shutdown');
    await engine.ended;
    expect((await readdir(project, { recursive: true })).sort()).toEqual(['src', join('src', 'other.ts')]);
  });
});

describe('language facts', () => {
  test('are asked of a client that has them, and used', async () => {
    const asked: string[] = [];
    const answer: EngineProcess['answer'] = ({ method, params }) => {
      if (method === 'ping') return { result: 'pong' };
      asked.push(`${method} ${params.version}`);
      // A provider that sees only one of the two uses as this binding.
      return {
        result: [
          { path: params.path, start: 6, end: 11 },
          { path: params.path, start: 34, end: 39 },
        ],
      };
    };
    const { engine, path } = await renaming('facts', { params: { facts: true }, answer });
    await predicted(engine, { path, version: 2, offset: 10 });
    expect(asked).toContain('facts/references 1');
  });
  test('that never come, or are nonsense, cost no prediction', async () => {
    for (const answer of [
      () => undefined,
      () => ({ result: 'nonsense' }),
      () => ({ error: { code: 1, message: 'no' } }),
    ]) {
      const { engine, path } = await renaming('no-facts', { params: { facts: true }, answer });
      expect((await predicted(engine, { path, version: 2, offset: 10 })).suggestion).toMatchObject({
        source: 'rename',
      });
    }
  });
  test('are not asked of a client that has none', async () => {
    const { engine, path } = await renaming('without');
    await predicted(engine, { path, version: 2, offset: 10 });
    expect(engine.received.filter((message) => message.method?.startsWith('facts/'))).toEqual([]);
  });
});

describe('folders and files', () => {
  test('the token model tells its progress, and is built anew for other folders', async () => {
    const { engine } = await renaming('folders');
    const states = () =>
      engine.received.filter((message) => message.method === 'tab/status').map((message) => message.params);
    expect(states().at(-1)).toEqual({ state: 'ready', files: 1 });
    const other = join(folder, 'folders-other');
    await mkdir(other);
    for (const name of ['b.ts', 'c.ts']) await writeFile(join(other, name), 'export {};\n');
    engine.notify('folders/changed', { folders: [other] });
    await engine.until((message) => message.method === 'tab/status' && message.params.files === 2);
    expect(states().map(({ state }) => state)).toContain('building');
  });
  test('a file that changes on disk is read again', async () => {
    const { engine, project } = await renaming('files');
    await writeFile(join(project, 'src', 'new.ts'), 'price;\n');
    engine.notify('files/changed', { changes: [{ path: join(project, 'src', 'new.ts'), kind: 'created' }] });
    engine.notify('files/changed', { changes: [{ path: join(project, 'src', 'gone.ts'), kind: 'deleted' }] });
    expect((await engine.request('ping')).result).toBe('pong');
    expect(engine.stderr).toBe('');
  });
});
