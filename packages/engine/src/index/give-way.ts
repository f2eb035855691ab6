/**
 * Work that nobody waits for gives way to work that somebody does, across the threads of one process: one thread notes when it was last asked something, the other
 * keeps still for a moment after that. Two cores are shared by what a key sets off (engine, editor, language servers), and all of them share the memory's
 * bandwidth: beside an index being built the slowest of a hundred answers took 5 ms longer, at a lower priority, too.
 */
export interface AskedNote {
  /** To be handed to the other thread. */
  readonly shared: SharedArrayBuffer;
  /** Somebody waits for an answer from now on. */
  asked(): void;
}

/** Milliseconds since 1970, as both threads see them. */
type WallClock = () => number;

/** Milliseconds after a question: an answer takes 30 at most, and the editor draws it. Between the keys of a fast typist there are 100. */
const KEEP_STILL = 60;
/** Milliseconds without a break: who asks all the time gets slices of the index in between. */
const AT_MOST = 2_000;

export function openAskedNote(wallClock: WallClock): AskedNote {
  const shared = new SharedArrayBuffer(8);
  const note = new BigInt64Array(shared);
  return {
    shared,
    asked: () => {
      Atomics.store(note, 0, BigInt(wallClock()));
    },
  };
}

export interface GiveWayEffects {
  readonly wallClock: WallClock;
  /** Others of the same thread have their turn. */
  readonly turn: () => Promise<void>;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** To be awaited between two slices of work: others of this thread have their turn, and who asks in the other thread is let be. */
export function givingWay(shared: SharedArrayBuffer, { wallClock, turn, sleep }: GiveWayEffects): () => Promise<void> {
  const note = new BigInt64Array(shared);
  /** Milliseconds to keep still. Nothing where the clock was set back since the note. */
  const remaining = () => {
    const since = wallClock() - Number(Atomics.load(note, 0));
    return since >= 0 && since < KEEP_STILL ? KEEP_STILL - since : 0;
  };
  return async () => {
    await turn();
    const began = wallClock();
    for (let wait = remaining(); wait > 0 && Math.abs(wallClock() - began) < AT_MOST; wait = remaining())
      await sleep(wait);
  };
}
