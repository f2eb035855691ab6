import { type FolderRules, type OpenedRules, openRules, RULE_FILE_NAMES } from '../files/folder-rules.ts';
import { NOTHING_TRACKED, type TrackedFiles } from '../files/git-index.ts';
import type { GitLayout } from '../files/git-layout.ts';
import { type TrackedReader, trackedReader } from '../files/tracked.ts';
import type { TreeBatch } from '../parts.ts';
import { concernedPaths } from './concerned.ts';
import { diffTrees } from './diff.ts';
import type { TreeEffects } from './effects.ts';
import { EMPTY_FOLDER, type FolderNode, isUnchanged } from './folder-node.ts';
import { type ScanResult, scan } from './scan.ts';
import { loadState, removeLeftovers, removeState, saveState } from './state-file.ts';

export interface MirrorOptions {
  /** Absolute and real. */
  readonly root: string;
  readonly stateDir: string | undefined;
  readonly maxFileBytes: number;
  readonly maxFiles: number;
  readonly otherRoots: ReadonlySet<string>;
  readonly effects: TreeEffects;
}

export interface LookRequest {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((seen: number) => void) | undefined;
  /** Relative paths that changed; everything is looked at without them. */
  readonly paths?: ReadonlySet<string> | undefined;
  readonly hold?: ((path: string) => boolean) | undefined;
  /** When the state goes to disk: at the end of this look, or when the caller says `keep`. */
  readonly keep: 'now' | 'later';
}

export interface Look extends TreeBatch {
  /** The states before and after. */
  readonly before: FolderNode;
  readonly after: FolderNode;
}

/** The state of one tree: its nodes, the rules they were made by, and what is kept of them on disk. Looks run one after the other. */
export interface Mirror {
  node(): FolderNode;
  layout(): GitLayout | undefined;
  look(request: LookRequest): Promise<Look>;
  /** Writes the state if it changed. Answers what went wrong. */
  keep(): string | undefined;
  /** The rules as they are on disk now, applied to the tree or not. */
  rules(): Promise<FolderRules>;
  clear(): Promise<void>;
  /** Resolves when no look is running. */
  idle(): Promise<void>;
}

/** Milliseconds of work between two turns of the event loop. */
const SLICE = 8;
/** Milliseconds for which the answer of git is trusted while the usual files stay the same; it may have others. */
const ASKED_AGE = 5_000;
/** From so many changed paths on, everything is looked at: a look costs little more then, and events may have been lost in such a burst. */
export const MANY_PATHS = 1_000;

export function openMirror(options: MirrorOptions): Mirror {
  const { effects, stateDir, root } = options;
  const { disk } = effects;
  const trackedFiles = trackedReader(disk, effects.run);
  let node: FolderNode = EMPTY_FOLDER;
  let kept: FolderNode | undefined;
  let notes: string[] = [];
  let rules: FolderRules | undefined;
  let layout: GitLayout | undefined;
  let sources: readonly string[] = [];
  let stamp = '';
  let tracked: TrackedFiles = NOTHING_TRACKED;

  if (stateDir !== undefined) {
    removeLeftovers(disk, stateDir, effects.now());
    const loaded = loadState(disk, stateDir, root);
    if (loaded.node) node = kept = loaded.node;
    else if (loaded.why) notes.push(`the kept state was not used and is rebuilt: ${loaded.why}`);
  }

  let last: Promise<unknown> = Promise.resolve();
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  function open(reader: TrackedReader, signal = new AbortController().signal) {
    const tracked = (found: GitLayout): Promise<TrackedFiles> => reader.read(found, signal);
    return openRules({ disk, root, run: effects.run, env: effects.env, signal, tracked });
  }

  async function readRules(signal: AbortSignal | undefined): Promise<FolderRules> {
    const opened = await open(trackedFiles, signal);
    ({ rules, layout, sources } = opened);
    tracked = trackedFiles.known();
    stamp = stampOf(sources);
    return opened.rules;
  }

  /** Kept apart from those of the looks: what a look has not applied yet still has to be noticed by the next one. */
  let asked: { readonly opened: OpenedRules; readonly reader: TrackedReader; stamp: string; at: number } | undefined;
  async function rulesToAsk(): Promise<FolderRules> {
    const fresh =
      asked &&
      effects.monotonic() - asked.at < ASKED_AGE &&
      stampOf(asked.opened.sources) === asked.stamp &&
      !(asked.opened.layout && asked.reader.changed(asked.opened.layout));
    if (!asked || !fresh) {
      const reader = trackedReader(disk, effects.run);
      const opened = await open(reader);
      asked = { opened, reader, stamp: stampOf(opened.sources), at: effects.monotonic() };
    }
    return asked.opened.rules;
  }

  /** Changes when a file does that the rules of the root come from. */
  function stampOf(files: readonly string[]): string {
    const stamps = files.map((file) => {
      try {
        const { size, mtimeMs, ctimeMs, ino } = disk.lstatSync(file);
        return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
      } catch {
        return '';
      }
    });
    return stamps.join('\n');
  }

  async function look(request: LookRequest): Promise<Look> {
    const before = node;
    const only = request.paths && (await foldersToLookAt(request.paths, request.signal));
    if (only === 'nothing') return { changes: [], before, after: before };
    if (only === undefined || only === 'everything') await readRules(request.signal);
    let started = effects.monotonic();
    const current = rules!;
    // A look that fails halfway has applied nothing: the next one is about everything.
    rules = undefined;
    const result = await scan({
      disk,
      root,
      rules: current,
      known: before,
      maxFileBytes: options.maxFileBytes,
      maxFiles: options.maxFiles,
      otherRoots: options.otherRoots,
      now: effects.now,
      slice: () => {
        if (effects.monotonic() - started < SLICE) return undefined;
        return effects.turn().then(() => {
          started = effects.monotonic();
        });
      },
      signal: request.signal,
      onProgress: request.onProgress,
      only: only === 'everything' ? undefined : only,
      hold: request.hold,
    });
    rules = current;
    node = result.node;
    notes.push(...told(result));
    if (request.keep === 'now') {
      const problem = keep();
      if (problem) notes.push(problem);
    }
    const note = notes.join('; ');
    notes = [];
    return { changes: diffTrees(before, node).changes, before, after: node, ...(note === '' ? {} : { note }) };
  }

  /** Which folders a burst of changed paths concerns, rules considered. */
  async function foldersToLookAt(
    paths: ReadonlySet<string>,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, 'here' | 'all'> | 'everything' | 'nothing'> {
    if (!rules || stampOf(sources) !== stamp || paths.size >= MANY_PATHS) return 'everything';
    const all = new Set(paths);
    if (layout && trackedFiles.changed(layout)) {
      // What git tracks since, or no longer tracks, may be in or out now.
      const was = tracked;
      await readRules(signal);
      for (const path of difference(was.files, tracked.files)) {
        const below = insideRoot(path, layout.prefix);
        if (below !== undefined) all.add(below);
      }
      if (all.size >= MANY_PATHS) return 'everything';
    }
    const concerned = concernedPaths({ disk, root, rules: rules!, node, paths: all });
    if (concerned.size === 0) return 'nothing';
    const changedRules = [...concerned.keys()].some((path) =>
      RULE_FILE_NAMES.has(path.slice(path.lastIndexOf('/') + 1)),
    );
    if (changedRules) await readRules(signal);
    return foldersOf(concerned);
  }

  function keep(): string | undefined {
    if (stateDir === undefined || (kept && isUnchanged(kept, node))) return undefined;
    try {
      saveState(disk, stateDir, root, node, effects.unique());
      kept = node;
      return undefined;
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      return `the state could not be kept (${why}): the next start finds again what changed since it last was`;
    }
  }

  return {
    node: () => node,
    layout: () => layout,
    look: (request) => alone(() => look(request)),
    keep,
    rules: rulesToAsk,
    clear: () =>
      alone(async () => {
        if (stateDir !== undefined) removeState(disk, stateDir);
        kept = undefined;
        node = EMPTY_FOLDER;
      }),
    idle: async () => {
      await last;
    },
  };
}

/** The folders of the paths with all above them; below a folder that changed itself, or whose rules did, everything. */
function foldersOf(concerned: ReadonlyMap<string, 'file' | 'folder' | 'rules'>): Map<string, 'here' | 'all'> {
  const only = new Map<string, 'here' | 'all'>([['', 'here']]);
  for (const [path, kind] of concerned) {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (kind === 'folder') only.set(path, 'all');
    if (kind === 'rules') only.set(parent, 'all');
    for (let folder = parent; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
      if (only.has(folder)) continue;
      only.set(folder, 'here');
    }
  }
  return only;
}

function* difference(before: ReadonlySet<string>, after: ReadonlySet<string>): Generator<string> {
  for (const path of after) if (!before.has(path)) yield path;
  for (const path of before) if (!after.has(path)) yield path;
}

function insideRoot(path: string, prefix: string): string | undefined {
  if (prefix === '') return path;
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : undefined;
}

function told({ unsteady, problems }: ScanResult): string[] {
  const notes: string[] = [];
  if (unsteady > 0) notes.push(`${unsteady} files kept changing while they were read and are read again next time`);
  if (problems.length > 0) {
    notes.push(`${problems.length} could not be read and stay as they were: ${problems.slice(0, 3).join(', ')}`);
  }
  return notes;
}
