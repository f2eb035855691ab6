import type { Subscribe } from '../tree/effects.ts';

/**
 * Watching by `@parcel/watcher`: inotify, FSEvents, ReadDirectoryChangesW. Loaded at the first use, so that a platform without its binary still has a tree
 * that looks by itself.
 */
export const parcelSubscribe: Subscribe = async (folder, onEvents, { ignore }) => {
  const { default: watcher } = await import('@parcel/watcher');
  const subscription = await watcher.subscribe(
    folder,
    (error, events) => {
      const paths = (events ?? []).map((event) => event.path);
      onEvents(error ?? undefined, paths);
    },
    // The watcher takes a path with such characters for a pattern, which may leave out more than is meant. Events too many are sorted out later.
    { ignore: ignore.filter((path) => !/[*?[\]{}()|]/.test(path)) },
  );
  return { stop: () => subscription.unsubscribe(), missesNewFolders: process.platform === 'linux' };
};
