import { join, relative, sep } from 'node:path';
import type { TreeBatch } from '../parts.ts';
import type { Subscription, TreeEffects } from '../tree/effects.ts';
import { type FolderNode, findFolder, findName, IN_DOUBT } from '../tree/folder-node.ts';
import type { Look, Mirror } from '../tree/mirror.ts';
import { foldersLeftOut } from '../tree/skipped.ts';
import { collectBursts } from './bursts.ts';
import { hotFiles } from './hot-files.ts';

export interface FollowOptions {
  /** Absolute and real. */
  readonly root: string;
  readonly mirror: Mirror;
  readonly effects: TreeEffects;
  readonly onBatch: (batch: TreeBatch) => void;
}

/** All in milliseconds. */
const QUIET = 60;
const MOST = 500;
const MOST_BUSY = 30_000;
/** An older lock was left behind by a git that was killed. */
const LOCK_AGE = 60_000;
/** A file that changes all the time is taken this often. */
const HOT = 5_000;
/** Files that were read while their times could not tell are read once more after this. */
const SETTLE = 2_500;
/** From so many paths in a burst on, the kernel's queue may have overflowed, which inotify's watchers do not report: everything is looked at once more. */
const SETTLE_PATHS = 200;
/** The state is written this long after a change, and not more often than so many times the duration of a write. */
const KEEP = 2_000;
const KEEP_SHARE = 50;
/** Everything is looked at this often where the folder is not watched, and not more often than so many times the duration of a look; and where it is. */
const POLL = 3_000;
const POLL_SHARE = 20;
const INSURANCE = 5 * 60_000;
/** Folders that appeared are subscribed to at most this often. */
const RENEW = 1_000;

/**
 * Follows the disk: what the watcher tells is collected and looked at as one batch. Where the folder cannot be watched, or watching ends, everything is
 * looked at again and again, and the first batch's note says so. Returns how to stop, which also keeps the state.
 */
export async function followFolder(options: FollowOptions): Promise<() => Promise<void>> {
  const { root, mirror, effects, onBatch } = options;
  const { monotonic, schedule } = effects;
  const hot = hotFiles(HOT, monotonic);
  const timers = new Map<string, () => void>();
  const doubtful = new Set<string>();
  let stopped = false;
  let subscription: Subscription | undefined;
  let generation = 0;
  let unwatched: readonly string[] = [];
  let lastNote: string | undefined;
  let keepCost = 0;
  let lookCost = 0;
  let gone = false;

  function later(name: string, milliseconds: number, run: () => void): void {
    if (stopped || timers.has(name)) return;
    timers.set(
      name,
      schedule(() => {
        timers.delete(name);
        run();
      }, milliseconds),
    );
  }

  function send(batch: TreeBatch): void {
    // The same complaint at each look is said once.
    const isNew = batch.note !== undefined && batch.note !== lastNote;
    if (batch.note !== undefined) lastNote = batch.note;
    if (stopped || (batch.changes.length === 0 && !isNew)) return;
    onBatch(batch.note === undefined || isNew ? batch : { changes: batch.changes });
  }

  async function look(paths: ReadonlySet<string> | undefined): Promise<Look | undefined> {
    const started = monotonic();
    try {
      // A look at everything leaves nothing for later: whatever told of a file that changes all the time may be dropped with it.
      const hold = paths ? (path: string) => hot.wait(path) > 0 : undefined;
      const seen = await mirror.look({ paths, keep: 'later', hold });
      if (!paths) lookCost = monotonic() - started;
      send(seen.note === undefined ? { changes: seen.changes } : { changes: seen.changes, note: seen.note });
      // What was wrong is over; should it come again, it is said again.
      if (seen.note === undefined) lastNote = undefined;
      if (seen.before !== seen.after) later('keep', Math.max(KEEP, keepCost * KEEP_SHARE), keep);
      for (const path of filesInDoubt(seen.before, seen.after)) doubtful.add(path);
      if (doubtful.size > 0) {
        later('doubt', SETTLE, () => {
          bursts.add(doubtful);
          doubtful.clear();
        });
      }
      if (gone) later('renew', 0, startRenewing);
      gone = false;
      return seen;
    } catch (error) {
      // A folder that comes back is another one to the watcher.
      gone = true;
      send({ changes: [], note: `the folder cannot be looked at: ${(error as Error).message}` });
      later('retry', POLL, () => bursts.addEverything());
      return undefined;
    }
  }

  function keep(): void {
    const started = monotonic();
    const problem = mirror.keep();
    keepCost = monotonic() - started;
    if (problem) send({ changes: [], note: problem });
  }

  const bursts = collectBursts({
    quiet: QUIET,
    most: MOST,
    mostBusy: MOST_BUSY,
    busy: () => gitIsBusy(mirror, effects),
    monotonic,
    schedule,
    async onBurst(paths) {
      if (paths === 'everything') {
        afterLook(await look(undefined));
        return;
      }
      const now = new Set<string>();
      for (const path of paths) {
        const wait = hot.wait(path);
        if (wait > 0) later(`hot ${path}`, wait, () => bursts.add([path]));
        else now.add(path);
      }
      if (now.size === 0) return;
      const seen = await look(now);
      for (const change of seen?.changes.length && seen.changes.length < SETTLE_PATHS ? seen.changes : []) {
        hot.taken(change.path);
      }
      if (paths.size >= SETTLE_PATHS) later('settle', SETTLE, () => bursts.addEverything());
      afterLook(seen);
    },
  });

  /** Folders that the watcher does not see, and should: made together with what they lie in, or left out when it was told what to leave. */
  function afterLook(seen: Look | undefined): void {
    if (!subscription || !seen || seen.before === seen.after) return;
    const isBehind =
      (subscription.missesNewFolders && hasNewDeepFolders(seen.before, seen.after)) ||
      unwatched.some((path) => findFolder(seen.after, path) !== undefined);
    if (isBehind) later('renew', RENEW, startRenewing);
  }

  let renewing: Promise<void> = Promise.resolve();
  function startRenewing(): void {
    renewing = renewing.then(renew);
  }

  async function renew(): Promise<void> {
    if (stopped) return;
    // The old one goes first: watchers share what they know of the folder while one of them lives, new folders missing.
    await subscription?.stop().catch(() => undefined);
    const problem = await subscribe();
    if (problem) {
      poll(problem);
      return;
    }
    // What happened before the new folders were followed, and between the two subscriptions.
    bursts.addEverything();
  }

  async function subscribe(): Promise<string | undefined> {
    if (!effects.subscribe) return 'there is no watcher';
    generation++;
    const mine = generation;
    // A name that is nowhere makes each subscription another one to watchers that share equal ones.
    unwatched = foldersLeftOut(mirror.node());
    const ignore = [...unwatched, '.git', `.tabstop-generation-${mine}`];
    try {
      const subscribed = await effects.subscribe(
        root,
        (error, paths) => {
          if (stopped || mine !== generation) return;
          if (error) bursts.addEverything();
          bursts.add(below(root, paths));
        },
        { ignore: ignore.map((path) => join(root, path)) },
      );
      subscription = subscribed;
      return undefined;
    } catch (error) {
      subscription = undefined;
      return (error as Error).message;
    }
  }

  function poll(problem: string): void {
    const wait = (): number => Math.max(POLL, lookCost * POLL_SHARE);
    send({
      changes: [],
      note: `the folder cannot be watched (${problem}) and is looked at every ${POLL / 1_000} s or more`,
    });
    const again = (): void => {
      later('poll', wait(), async () => {
        await look(undefined);
        if (subscription) insure();
        else again();
      });
    };
    again();
  }

  function insure(): void {
    later('insurance', INSURANCE, () => {
      if (lookCost * POLL_SHARE < INSURANCE) bursts.addEverything();
      insure();
    });
  }

  // Events before the tree was ever looked at would be all of it.
  const problem = await subscribe();
  await look(undefined);
  if (problem) poll(problem);
  else insure();

  return async () => {
    stopped = true;
    for (const cancel of timers.values()) cancel();
    timers.clear();
    await bursts.stop();
    await renewing;
    await subscription?.stop().catch(() => undefined);
    await mirror.idle();
    mirror.keep();
  };
}

/** Relative paths with `/` between parts, without the root itself. */
function* below(root: string, paths: readonly string[]): Generator<string> {
  for (const path of paths) {
    const inside = relative(root, path);
    if (inside !== '' && !inside.startsWith('..')) yield sep === '/' ? inside : inside.split(sep).join('/');
  }
}

/** While git checks out, merges or rebases it holds the lock of the index. */
function gitIsBusy(mirror: Mirror, { disk, now }: TreeEffects): boolean {
  const layout = mirror.layout();
  if (!layout) return false;
  try {
    return disk.lstatSync(join(layout.gitDir, 'index.lock')).mtimeMs > now() - LOCK_AGE;
  } catch {
    return false;
  }
}

/** Files read anew between two states whose times could not tell a later change. */
export function* filesInDoubt(before: FolderNode | undefined, after: FolderNode, prefix = ''): Generator<string> {
  if (before === after) return;
  for (const [index, name] of after.names.entries()) {
    if ((after.marks[index]! & IN_DOUBT) !== 0) yield prefix + name;
  }
  for (const [index, name] of after.folderNames.entries()) {
    const was = before?.folders[findName(before.folderNames, name)];
    yield* filesInDoubt(was, after.folders[index]!, `${prefix}${name}/`);
  }
}

/** Whether a folder appeared that has folders inside. */
export function hasNewDeepFolders(before: FolderNode, after: FolderNode): boolean {
  if (before === after) return false;
  return after.folderNames.some((name, index) => {
    const is = after.folders[index]!;
    const was = before.folders[findName(before.folderNames, name)];
    return was ? hasNewDeepFolders(was, is) : is.folders.length > 0;
  });
}
