import type { RunProcess } from '../../workspace/git-history.ts';
import type { TreeDisk } from '../files/disk.ts';

/** Everything of the world that a tree touches. `node-effects.ts` has the real ones. */
export interface TreeEffects {
  readonly disk: TreeDisk;
  /** Milliseconds since 1970, and monotonic. */
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Lets the event loop turn once. */
  readonly turn: () => Promise<void>;
  /** Runs once after so many milliseconds; returns how to call it off. */
  readonly schedule: (run: () => void, milliseconds: number) => () => void;
  /** Where it is missing, git's own files are read instead of asking git. */
  readonly run?: RunProcess | undefined;
  readonly env: { readonly HOME?: string | undefined; readonly XDG_CONFIG_HOME?: string | undefined };
  /** Tells temporary files of processes apart. */
  readonly unique: () => string;
  /** Follows a folder; without it changes are found by looking again and again. */
  readonly subscribe?: Subscribe | undefined;
}

/** `paths` are absolute. An error means that events were lost; watching goes on. Rejects where the folder cannot be watched. */
export type Subscribe = (
  folder: string,
  onEvents: (error: Error | undefined, paths: readonly string[]) => void,
  options: { readonly ignore: readonly string[] },
) => Promise<Subscription>;

export interface Subscription {
  stop(): Promise<void>;
  /**
   * Only the topmost of folders that appear together is followed (a watcher that follows each folder by itself is too late for those inside): after such
   * a change the folder is subscribed to anew.
   */
  readonly missesNewFolders: boolean;
}
