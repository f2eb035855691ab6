import { Fragment, type WithChildren } from '../builtins.ts';
import { isElement, type PromptElement, type PromptNode } from '../element.ts';

/** Shows its stable children before the others, each in the order given: what changes then stands behind what does not. */
export function StableFirst(props: WithChildren): PromptElement {
  const children = (Array.isArray(props.children) ? props.children.flat() : [props.children]) as PromptNode[];
  return Fragment({ children: [...children.filter(isStable), ...children.filter((child) => !isStable(child))] });
}

/** A stable part, or a scope or component that holds nothing else. */
function isStable(node: PromptNode): boolean {
  if (!isElement(node)) return false;
  if (node.kind === 'stable') return true;
  if (node.kind !== 'scope' && node.kind !== 'part') return false;
  const children = (Array.isArray(node.children) ? node.children.flat() : [node.children]) as PromptNode[];
  return children.length > 0 && children.every(isStable);
}
