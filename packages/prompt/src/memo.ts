import type { MessageElement, PromptElement } from './element.ts';
import type { Block, Layout, MessageSlot, Part } from './layout.ts';
import { compareLevels, type RankedLevel } from './level.ts';
import { fingerprintOf, hasSignature, type Signature, signatureOf } from './signature.ts';

/** Where a part stands; with its signature this is all that its compiled form depends on. */
export interface UnitPlace {
  readonly upto: RankedLevel;
  readonly message: MessageSlot | null;
  readonly part: Part;
}

/** What a part of a prompt came to. */
export interface Compiled {
  readonly blocks: readonly Block[];
  readonly never: Layout['never'];
  /** Level up to which all of it is there. */
  readonly complete: RankedLevel;
}

interface Unit extends Compiled {
  readonly place: UnitPlace;
  readonly signature: Signature;
  readonly weight: number;
  usedIn: number;
}

interface Slot {
  readonly slot: MessageSlot;
  usedIn: number;
}

/**
 * Compiled parts of earlier walks over prompts. Each is given out at most once a walk, and so is each message: leaves know
 * their message by identity, and two messages that say the same are still two.
 */
export interface UnitMemo {
  /** Starts a walk over a whole prompt. */
  begin(): void;
  find(element: PromptElement, place: UnitPlace): Compiled | null;
  store(element: PromptElement, place: UnitPlace, compiled: Compiled): void;
  /** The object that stood for a message like `made` before, so that units in it are found; `made` if there was none. */
  slotFor(element: MessageElement, made: MessageSlot): MessageSlot;
  /** Ends a walk: what is beyond the limit goes, but for what this walk used. */
  end(): void;
}

/** Candidates of one fingerprint that are kept, newest first, and walks that one is kept unused: more make misses slow. */
const CANDIDATES = 64;
const UNUSED_WALKS = 2;
/** What an entry of a signature and a message weigh, in characters. */
const ENTRY = 64;

/** `limit` is in characters of text. */
export function createUnitMemo(limit: number): UnitMemo {
  let units = new Map<string, readonly Unit[]>();
  let slots = new Map<string, Slot[]>();
  let held = 0;
  let walk = 0;

  function find(element: PromptElement, place: UnitPlace): Compiled | null {
    for (const unit of units.get(fingerprintOf(element)) ?? []) {
      if (unit.usedIn === walk || !samePlace(unit.place, place) || !hasSignature(element, unit.signature)) continue;
      unit.usedIn = walk;
      return unit;
    }
    return null;
  }

  function store(element: PromptElement, place: UnitPlace, { blocks, never, complete }: Compiled): void {
    const key = fingerprintOf(element);
    const signature = signatureOf(element);
    let weight = 0;
    for (const mark of signature) weight += ENTRY + (typeof mark === 'string' ? mark.length : 0);
    held += weight;
    const kept: Unit[] = [{ blocks, never, complete, place, signature, weight, usedIn: walk }];
    for (const unit of units.get(key) ?? []) {
      if (kept.length < CANDIDATES && walk - unit.usedIn <= UNUSED_WALKS) kept.push(unit);
      else held -= unit.weight;
    }
    units.set(key, kept);
  }

  function slotFor(element: MessageElement, made: MessageSlot): MessageSlot {
    const key = fingerprintOf(element);
    const known = slots.get(key) ?? [];
    const same = known.find(({ slot, usedIn }) => usedIn !== walk && sameMessage(slot, made));
    if (same !== undefined) {
      same.usedIn = walk;
      return same.slot;
    }
    if (known.length < CANDIDATES) {
      known.push({ slot: made, usedIn: walk });
      slots.set(key, known);
      held += ENTRY;
    }
    return made;
  }

  function end(): void {
    if (held <= limit) return;
    units = usedIn(units, walk);
    slots = usedIn(slots, walk);
    held = 0;
    for (const same of units.values()) for (const { weight } of same) held += weight;
    for (const same of slots.values()) held += ENTRY * same.length;
  }

  return {
    begin() {
      walk += 1;
    },
    find,
    store,
    slotFor,
    end,
  };
}

function usedIn<T extends { readonly usedIn: number }>(all: Map<string, readonly T[]>, walk: number): Map<string, T[]> {
  const kept = new Map<string, T[]>();
  for (const [key, same] of all) {
    const used = same.filter((one) => one.usedIn === walk);
    if (used.length > 0) kept.set(key, used);
  }
  return kept;
}

function sameMessage(a: MessageSlot, b: MessageSlot): boolean {
  return a.role === b.role && a.name === b.name && a.toolCallId === b.toolCallId && a.overhead === b.overhead;
}

function samePlace(a: UnitPlace, b: UnitPlace): boolean {
  return a.message === b.message && compareLevels(a.upto, b.upto) === 0 && samePart(a.part, b.part);
}

/** Parts around a unit are made anew by each walk; none of them is stable, so that nothing asks for their identity. */
function samePart(a: Part | null, b: Part | null): boolean {
  let left = a;
  let right = b;
  while (left !== right) {
    if (left === null || right === null || left.name !== right.name || left.stable !== right.stable) return false;
    if (compareLevels(left.level, right.level) !== 0) return false;
    left = left.parent;
    right = right.parent;
  }
  return true;
}
