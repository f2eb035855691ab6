import type { NameSite } from './name-sites.ts';
import { type ScopeTable, scopeKindOf } from './scope-tables.ts';
import type { Step } from './syntax-paths.ts';

/** Names that stand in the head of a node, read from the text: one reading for all languages instead of a query per grammar. */

const TYPE_HEAD = /\b(?:class|struct|interface|enum|trait|record|union|module|type)\s+([\w$]+)/;
const IMPL_HEAD = /\bimpl\b(?:\s*<[^{]*?>)?\s+(?:[\w:<>, ']+?\s+for\s+)?([\w]+)/;

/** The class or type whose member a site is, or that it stands in; `@OFFSET` for one without a name, empty where there is none. */
export function ownerOf(table: ScopeTable, text: string, site: NameSite): string {
  for (let at = site.path.length - 1; at > 0; at--) {
    const step = site.path[at]!;
    if (step.type === 'method_declaration' && step.start < site.start) {
      const receiver = /^func\s*\(\s*(?:\w+\s+)?\*?\s*(\w+)/.exec(text.slice(step.start, step.start + 200))?.[1];
      if (receiver) return receiver;
    }
    if (site.path[site.at] !== step && scopeKindOf(table, site.path, at) === 'class') return typeNameOf(text, step);
  }
  return '';
}

function typeNameOf(text: string, step: Step): string {
  const head = text.slice(step.start, Math.min(step.end, step.start + 400));
  if (step.type === 'impl_item') return IMPL_HEAD.exec(head)?.[1] ?? `@${step.start}`;
  if (step.type === 'type_spec') return /^\w+/.exec(head)?.[0] ?? `@${step.start}`;
  if (step.type === 'object_type' || step.type === 'class_body') return `@${step.start}`;
  const brace = head.search(/[{]|:\s*\n/);
  return TYPE_HEAD.exec(brace > 0 ? head.slice(0, brace) : head)?.[1] ?? `@${step.start}`;
}

const CONSTRUCTORS = new Set(['__init__', '__new__', 'initialize', '__construct', 'constructor']);

/** The name by which the function that has this parameter is called: its own, or its class's for a constructor. */
export function headNameOf(table: ScopeTable, text: string, scope: Step, parameter: NameSite): string | undefined {
  const head = text.slice(scope.start, parameter.start);
  const name =
    /([\w$]+)\s*(?:<[^<>()]*>)?\s*\((?![\s\S]*\()/.exec(head)?.[1] ?? /\bdef\s+(?:self\.)?(\w+[?!]?)/.exec(head)?.[1];
  if (name === undefined || !CONSTRUCTORS.has(name)) return name;
  const outer = parameter.path
    .slice(0, parameter.path.indexOf(scope))
    .findLast((_, at, path) => scopeKindOf(table, path, at) === 'class');
  return outer ? typeNameOf(text, outer) : undefined;
}

/** The function or class called around a keyword argument. */
export function calleeOf(text: string, site: NameSite): string | undefined {
  const list = site.path.findLast((step) => /argument_list|arguments/.test(step.type));
  if (!list) return undefined;
  const before = text.slice(Math.max(0, list.start - 100), list.start);
  const name = /([\w$]+)[?!]?\s*(?:<[^<>]*>)?\s*$/.exec(before)?.[1];
  return name === 'new' ? /([\w]+)\s*\.\s*new\s*$/.exec(before)?.[1] : name;
}

/** The type named before `{` in a literal or pattern around a key; empty for a literal without a type, `undefined` where it is no key. */
export function literalTypeOf(text: string, site: NameSite): string | undefined {
  if (site.role !== 'key' && !site.form.startsWith('shorthand')) return undefined;
  for (let at = site.path.length - 1; at > 0; at--) {
    const step = site.path[at]!;
    if (/^(composite_literal|struct_expression|struct_pattern|object_creation_expression)$/.test(step.type)) {
      const head = text.slice(step.start, site.start);
      return /(\w+)\s*(?:<[^<>{]*>|\([^(){]*\))?\s*\{/.exec(head)?.[1] ?? '';
    }
    if (/^(field_initializer_list)$/.test(step.type) && site.path[at - 1]?.type === 'function_definition')
      return /class_specifier|struct_specifier/.test(site.path[at - 3]?.type ?? '')
        ? typeNameOf(text, site.path[at - 3]!)
        : '';
    if (/statement|block$|function/.test(step.type)) break;
  }
  return '';
}
