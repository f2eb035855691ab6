import type { PromptElement, PromptNode } from './element.ts';
import { PromptShapeError } from './problems.ts';

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const anything: Check = () => true;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || value === null || check(value);
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);
const limit: Check = (value) => number(value) || (isRecord(value) && number(value.share));
const source: Check = (value) => isRecord(value) && text(value.uri) && number(value.start);

/** The fields of each kind beside `children` and `items`. */
const FIELDS: Readonly<Record<PromptElement['kind'], Readonly<Record<string, Check>>>> = {
  fragment: {},
  part: { name: text },
  scope: { name: optional(text), priority: optional(number), relative: optional(number) },
  first: { name: optional(text) },
  keep: { name: optional(text) },
  isolate: { name: optional(text), limit },
  stable: { name: text, limit: optional(number) },
  flex: {
    name: optional(text),
    grow: optional(number),
    growPriority: optional(number),
    min: optional(number),
    max: optional(number),
    gap: optional(text),
    items: Array.isArray,
  },
  empty: { tokens: number },
  break: {},
  text: { text, source: optional(source) },
  message: {
    role: oneOf('system', 'user', 'assistant', 'tool'),
    name: optional(text),
    toolCallId: optional(text),
  },
  image: {
    src: text,
    mediaType: optional(text),
    detail: optional(oneOf('low', 'high')),
    width: number,
    height: number,
    alt: optional(text),
  },
  toolCall: { id: text, name: text, arguments: text },
  tool: { name: text, description: text, parameters: anything },
};

/** Reads a tree back from JSON. Throws `PromptShapeError` that names the place of what is wrong. */
export function parsePrompt(value: unknown, path = '$'): PromptNode {
  if (value === null || value === undefined || ['string', 'number', 'boolean'].includes(typeof value)) {
    return value as PromptNode;
  }
  if (Array.isArray(value)) return value.map((child, index) => parsePrompt(child, `${path}[${index}]`));
  if (!isRecord(value)) throw new PromptShapeError(`A ${typeof value} is not a part of a prompt`, path);
  const fields =
    typeof value.kind === 'string' && Object.hasOwn(FIELDS, value.kind)
      ? FIELDS[value.kind as PromptElement['kind']]
      : undefined;
  if (fields === undefined) throw new PromptShapeError(`Unknown kind ${JSON.stringify(value.kind)}`, path);
  const element: Record<string, unknown> = { kind: value.kind };
  for (const [field, check] of Object.entries(fields)) {
    if (!check(value[field]))
      throw new PromptShapeError(`"${field}" of "${String(value.kind)}" is wrong or missing`, path);
    // JSON has no undefined; null stands for a field that is not there.
    if (value[field] !== null && value[field] !== undefined) element[field] = value[field];
  }
  if (value.children !== undefined) element.children = parsePrompt(value.children, `${path}.children`);
  if (value.kind === 'flex') {
    element.items = (value.items as unknown[]).map((item, index) => {
      const place = `${path}.items[${index}]`;
      if (!isRecord(item) || !number(item.order)) throw new PromptShapeError('A piece has a numeric "order"', place);
      return { order: item.order, content: parsePrompt(item.content, `${place}.content`) };
    });
  }
  return element as unknown as PromptNode;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
