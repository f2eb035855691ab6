import { givingWay } from './give-way.ts';
import type { Candidate, Source, TabContext } from './source.ts';

export interface Proposed {
  readonly source: string;
  readonly candidate: Candidate;
}

export interface Collected {
  readonly proposed: readonly Proposed[];
  /** What sources that ask others had in time; it is among `proposed`. */
  readonly inTime: ReadonlyMap<string, readonly Proposed[]>;
  /** Sources that were not done by the deadline, each with the promise of what they yield in the end. */
  readonly late: readonly { readonly source: string; readonly result: Promise<readonly Proposed[]> }[];
}

/** A source yields best first; more than this from one is noise. */
const PER_SOURCE = 16;
/** After so many milliseconds without a break others get their turn: the next key, which makes this answer needless, above all. */
const SLICE = 8;
/** What nobody waits for gives way sooner. */
const BACKGROUND_SLICE = 1;
/** What of the budget is left to the sources that ask others, where the rest took longer. Milliseconds. */
const LEAST = 4;
/** What a source gets on top whose suggestion was shown last: in a walk another one must not take its place for being faster. Milliseconds. */
const PATIENCE = 100;
/** A list of all places of a change is bounded as well. */
const EVERY_PLACE = 1_000;

export interface CollectOptions {
  /** Nobody waits for it: others get their turn sooner. */
  readonly background?: boolean;
  /** The source of what was shown last. */
  readonly expected?: string | undefined;
}

/**
 * Runs the sources and gathers their candidates until `budget` milliseconds are over. A source that throws is reported and left out of this answer; one that is late too.
 */
export async function collect(
  sources: readonly Source[],
  context: TabContext,
  budget: number,
  signal: AbortSignal,
  onProblem: (source: string, error: unknown) => void,
  { background = false, expected }: CollectOptions = {},
): Promise<Collected> {
  const proposed: Proposed[] = [];
  const most = context.everyPlace ? EVERY_PLACE : PER_SOURCE;
  const pending: { source: string; result: Promise<readonly Proposed[]>; done: boolean }[] = [];
  const started = context.now();
  const giveWay = givingWay(context.now, background ? BACKGROUND_SLICE : SLICE);
  for (const source of sources) {
    await giveWay();
    if (signal.aborted) break;
    try {
      const yielded = source.propose(context, signal);
      if (Symbol.iterator in yielded) {
        for (const candidate of yielded) {
          proposed.push({ source: source.name, candidate });
          if (proposed.length % most === 0 && countOf(proposed, source.name) >= most) break;
        }
      } else {
        const entry = { source: source.name, result: drain(source.name, yielded, most, signal), done: false };
        entry.result = entry.result.then(
          (found) => {
            entry.done = true;
            return found;
          },
          (error) => {
            entry.done = true;
            onProblem(source.name, error);
            return [];
          },
        );
        pending.push(entry);
      }
    } catch (error) {
      onProblem(source.name, error);
    }
  }
  const left = Math.max(LEAST, budget - (context.now() - started));
  if (pending.length > 0) await within(left, signal, Promise.all(pending.map((entry) => entry.result)));
  const awaited = pending.find(({ source, done }) => source === expected && !done);
  if (awaited) await within(PATIENCE, signal, awaited.result);
  const late: { source: string; result: Promise<readonly Proposed[]> }[] = [];
  const inTime = new Map<string, readonly Proposed[]>();
  for (const entry of pending) {
    if (entry.done) inTime.set(entry.source, await entry.result);
    else late.push({ source: entry.source, result: entry.result });
  }
  for (const found of inTime.values()) proposed.push(...found);
  return { proposed, inTime, late };
}

function countOf(proposed: readonly Proposed[], source: string): number {
  return proposed.reduce((count, entry) => count + (entry.source === source ? 1 : 0), 0);
}

async function drain(
  source: string,
  yielded: AsyncIterable<Candidate>,
  most: number,
  signal: AbortSignal,
): Promise<readonly Proposed[]> {
  const found: Proposed[] = [];
  for await (const candidate of yielded) {
    if (signal.aborted) break;
    found.push({ source, candidate });
    if (found.length >= most) break;
  }
  return found;
}

/** Waits for the work, but no longer than the budget, and not on behalf of somebody who has gone. */
async function within(milliseconds: number, signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    void work.then(done, done);
  });
}
