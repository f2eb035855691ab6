/**
 * The automatic JSX runtime (`jsxImportSource: "@tabstop/prompt"`). Components are pure and are called at once, innermost
 * first, so that a tree is plain data when it reaches the renderer.
 */
import { Fragment, isBuiltIn } from './builtins.ts';
import type { Component, PromptElement, PromptNode } from './element.ts';
import { isElement } from './element.ts';

export { Fragment };

export function jsx(type: Component<never> | 'br', props: object): PromptElement {
  if (type === 'br') return { kind: 'text', text: '\n' };
  if (typeof type !== 'function')
    throw new TypeError(`<${String(type)}> is not a prompt element; only <br/> is lower-case.`);
  const node = (type as Component<object>)(props);
  if (isBuiltIn(type) && isElement(node)) return node;
  return { kind: 'part', name: type.name === '' ? 'Anonymous' : type.name, children: node };
}

export const jsxs: typeof jsx = jsx;

// The one place where TypeScript itself asks for a namespace: it looks the element types up as `JSX.*` of this module.
export declare namespace JSX {
  type Element = PromptElement;
  type ElementType = 'br' | Component<never>;
  interface ElementChildrenAttribute {
    children: PromptNode;
  }
  interface IntrinsicAttributes {
    key?: string | number;
  }
  interface IntrinsicElements {
    br: Record<never, never>;
  }
}
