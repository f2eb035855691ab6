import type { WireEdit } from '@tabstop/protocol';

/** A place in a document; offset in UTF-16 code units. */
export interface Position {
  readonly path: string;
  readonly offset: number;
}

/** Where Tab took the cursor away from, newest last; bounded. The places move with the text around them. */
export interface JumpStack {
  push(from: Position): void;
  /** The newest place, which is taken off; one where the cursor is already is passed over. */
  back(now: Position | undefined): Position | undefined;
  readonly depth: number;
  edited(path: string, edits: readonly WireEdit[]): void;
  /** The document is gone: there is nothing to go back to. */
  forget(path: string): void;
}

const CAPACITY = 50;

export function jumpStack(): JumpStack {
  let places: readonly Position[] = [];
  const same = (a: Position | undefined, b: Position | undefined) => a?.path === b?.path && a?.offset === b?.offset;
  return {
    push(from) {
      if (!same(places.at(-1), from)) places = [...places, from].slice(-CAPACITY);
    },
    back(now) {
      while (now && same(places.at(-1), now)) places = places.slice(0, -1);
      const place = places.at(-1);
      places = places.slice(0, -1);
      return place;
    },
    get depth() {
      return places.length;
    },
    edited(path, edits) {
      places = places.map((place) => (place.path === path ? { path, offset: moved(place.offset, edits) } : place));
    },
    forget(path) {
      places = places.filter((place) => place.path !== path);
    },
  };
}

/** Where an offset lies after edits that are relative to the text before them, sorted by start. What was replaced around it leaves it at the end of what came. */
function moved(offset: number, edits: readonly WireEdit[]): number {
  let shift = 0;
  for (const [start, end, text] of edits) {
    if (start > offset || (start === offset && end === offset && text !== '')) break;
    if (end > offset) return start + shift + text.length;
    shift += text.length - (end - start);
  }
  return offset + shift;
}

/** The cursor has gone to the place of a suggestion from somewhere else: by Tab, if no mouse and no typing moved it. Lines from 0. */
export function isJump(from: { path: string; line: number }, to: { path: string; line: number }): boolean {
  return from.path !== to.path || Math.abs(from.line - to.line) > 1;
}
