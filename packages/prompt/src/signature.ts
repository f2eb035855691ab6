import type { PromptElement, PromptNode } from './element.ts';

/**
 * A subtree written down as a flat list of its primitive values. It is what compiled parts are found again by: users build
 * their tree anew for every render, so that objects say nothing, and a list that holds none of their objects stays right
 * when they change one. Equal lists mean equal subtrees: arrays come with their length, elements with a mark of their kind
 * that no text or number equals.
 */
export type Signature = readonly Mark[];

type Mark = string | number | boolean | symbol | null | undefined;

export function signatureOf(node: PromptNode): Signature {
  const cursor: Cursor = { marks: [], at: 0, recording: true };
  visit(cursor, node);
  return cursor.marks;
}

/** Whether `node` has this signature. Stops at the first difference. */
export function hasSignature(node: PromptNode, signature: Signature): boolean {
  return visit({ marks: signature as Mark[], at: 0, recording: false }, node);
}

/** Cheap to find and the same for most edits of a part: its kinds, names and first words down to its first text. */
export function fingerprintOf(node: PromptNode): string {
  if (typeof node === 'string') return node.slice(0, 24);
  if (node === null || node === undefined || typeof node !== 'object') return '';
  if (!isElementNode(node)) {
    for (const child of node) {
      const found = fingerprintOf(child);
      if (found !== '') return found;
    }
    return '';
  }
  switch (node.kind) {
    case 'text':
      return node.text.slice(0, 24);
    case 'flex':
      return `flex ${node.name} ${node.items.length} ${fingerprintOf(node.items[0]?.content)}`;
    case 'message':
      return `${node.role} ${node.name} ${fingerprintOf(node.children)}`;
    default:
      return 'children' in node ? `${node.kind} ${fingerprintOf(node.children)}` : node.kind;
  }
}

interface Cursor {
  readonly marks: Mark[];
  at: number;
  readonly recording: boolean;
}

const LIST = Symbol('list');
const KIND: Readonly<Record<PromptElement['kind'], symbol>> = {
  fragment: Symbol('fragment'),
  part: Symbol('part'),
  scope: Symbol('scope'),
  first: Symbol('first'),
  keep: Symbol('keep'),
  isolate: Symbol('isolate'),
  stable: Symbol('stable'),
  flex: Symbol('flex'),
  empty: Symbol('empty'),
  break: Symbol('break'),
  text: Symbol('text'),
  message: Symbol('message'),
  image: Symbol('image'),
  toolCall: Symbol('toolCall'),
  tool: Symbol('tool'),
};

/** Writes a value down, or tells whether it is what was written. */
function note(cursor: Cursor, value: Mark): boolean {
  if (cursor.recording) {
    cursor.marks.push(value);
    return true;
  }
  const known = cursor.marks[cursor.at];
  cursor.at += 1;
  return known === value;
}

function visit(cursor: Cursor, node: PromptNode): boolean {
  if (typeof node !== 'object' || node === null) return note(cursor, node);
  if (isElementNode(node)) return visitElement(cursor, node);
  if (!note(cursor, LIST) || !note(cursor, node.length)) return false;
  for (const child of node) if (!visit(cursor, child)) return false;
  return true;
}

function visitElement(cursor: Cursor, element: PromptElement): boolean {
  if (!note(cursor, KIND[element.kind])) return false;
  switch (element.kind) {
    case 'text': {
      const { text, source } = element;
      return note(cursor, text) && note(cursor, source?.uri) && note(cursor, source?.start);
    }
    case 'flex': {
      const { name, grow, growPriority, min, max, gap, items } = element;
      const head = [name, grow, growPriority, min, max, gap, items.length];
      for (const value of head) if (!note(cursor, value)) return false;
      for (const { order, content } of items) {
        // Most items are one text.
        if (!note(cursor, order)) return false;
        if (typeof content === 'string' ? !note(cursor, content) : !visit(cursor, content)) return false;
      }
      return true;
    }
    case 'scope': {
      const { name, priority, relative } = element;
      return note(cursor, name) && note(cursor, priority) && note(cursor, relative) && visit(cursor, element.children);
    }
    case 'message': {
      const { role, name, toolCallId } = element;
      return note(cursor, role) && note(cursor, name) && note(cursor, toolCallId) && visit(cursor, element.children);
    }
    case 'isolate': {
      const { name, limit } = element;
      const share = typeof limit === 'number' ? undefined : limit.share;
      return (
        note(cursor, name) &&
        note(cursor, typeof limit === 'number' ? limit : null) &&
        note(cursor, share) &&
        visit(cursor, element.children)
      );
    }
    case 'stable':
      return note(cursor, element.name) && note(cursor, element.limit) && visit(cursor, element.children);
    case 'part':
    case 'first':
    case 'keep':
      return note(cursor, element.name) && visit(cursor, element.children);
    case 'fragment':
      return visit(cursor, element.children);
    case 'empty':
      return note(cursor, element.tokens);
    case 'break':
      return true;
    default:
      // Images, calls and tools hold data of any shape.
      return note(cursor, JSON.stringify(element));
  }
}

function isElementNode(node: PromptElement | readonly PromptNode[]): node is PromptElement {
  return !Array.isArray(node);
}
