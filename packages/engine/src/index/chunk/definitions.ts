import type { Node } from 'web-tree-sitter';
import type { Chunk } from '../parts.ts';

/** What a node of the syntax tree defines. */
export interface Definition {
  readonly kind: Extract<Chunk['kind'], 'function' | 'method' | 'class' | 'type' | 'block'>;
  /** As written; a Go method has its receiver's type before it (`Server.Close`). */
  readonly name: string | undefined;
  /** The node that names it, inside of `export`, decorators or `template<...>`. */
  readonly inner: Node;
  /** Members are definitions of their own: classes, interfaces, `impl` blocks, modules, namespaces. */
  readonly container: boolean;
}

type Kind = Definition['kind'];

/** Node types of all grammars in one table; no name means two things in two of them. A `*` marks containers. */
const DEFINITIONS: Readonly<Record<string, Kind>> = table(`
  function  function_declaration generator_function_declaration function_definition function_item function_signature function_signature_item
            local_function_statement macro_definition
  method    method_declaration method_definition method constructor_declaration constructor_definition destructor_declaration singleton_method
            abstract_method_signature compact_constructor_declaration operator_declaration
  class     class_declaration* abstract_class_declaration* class_definition* class* class_specifier* struct_specifier* struct_item impl_item*
            trait_item* struct_declaration* record_declaration* interface_declaration* trait_declaration* object_declaration* enum_declaration
            singleton_class* annotation_type_declaration
  type      type_alias_declaration type_declaration enum_item type_item union_item enum_specifier union_specifier delegate_declaration type_definition
  block     module* mod_item* namespace_definition* namespace_declaration* internal_module* rule_set media_statement keyframes_statement
`);

const CONTAINERS = new Set(
  'class_declaration abstract_class_declaration class_definition class class_specifier struct_specifier impl_item trait_item struct_declaration record_declaration interface_declaration trait_declaration object_declaration singleton_class module mod_item namespace_definition namespace_declaration internal_module'.split(
    ' ',
  ),
);

function table(text: string): Readonly<Record<string, Kind>> {
  const kinds: Record<string, Kind> = {};
  let kind: Kind = 'block';
  for (const word of text.trim().split(/\s+/)) {
    if (word === 'function' || word === 'block' || word === 'type') kind = word;
    // `class` and `method` are a kind in the first column and a node type of Ruby after it.
    else if ((word === 'class' || word === 'method') && kind !== word) kind = word;
    else kinds[word.replace('*', '')] = kind;
  }
  kinds.method = 'method';
  kinds.class = 'class';
  return kinds;
}

const BODIED = new Set([
  'class_specifier',
  'struct_specifier',
  'namespace_definition',
  'enum_specifier',
  'union_specifier',
]);

/** What stands around a definition and belongs to it. */
const WRAPPERS: Readonly<Record<string, readonly string[]>> = {
  export_statement: ['declaration', 'value'],
  decorated_definition: ['definition'],
  ambient_declaration: [],
  template_declaration: [],
  expression_statement: [],
};

const FUNCTION_VALUES = new Set([
  'arrow_function',
  'function_expression',
  'function',
  'generator_function',
  'class',
  'lambda',
]);

/** What the node defines, or undefined. */
export function definitionOf(node: Node): Definition | undefined {
  const kind = DEFINITIONS[node.type];
  if (kind !== undefined) {
    // A word like `class` is a token of its own in most grammars.
    if (!node.isNamed) return undefined;
    // `struct A a;` and `namespace App;` only mention.
    if (BODIED.has(node.type) && !node.childForFieldName('body')) return undefined;
    return { kind, name: nameOf(node), inner: node, container: CONTAINERS.has(node.type) };
  }
  const fields = WRAPPERS[node.type];
  if (fields !== undefined) {
    for (const field of fields) {
      const inner = node.childForFieldName(field);
      const found = inner && definitionOf(inner);
      if (found) return found;
    }
    if (node.type === 'export_statement' || node.type === 'decorated_definition') return undefined;
    const last = node.lastNamedChild;
    return last &&
      (DEFINITIONS[last.type] !== undefined || last.type === 'assignment_expression' || last.type === 'internal_module')
      ? definitionOf(last)
      : undefined;
  }
  return definedByValue(node);
}

/** `const f = () => ...`, `exports.f = function ...`, `f: function ...`, `f = () => ...` in a class. */
function definedByValue(node: Node): Definition | undefined {
  switch (node.type) {
    case 'lexical_declaration':
    case 'variable_declaration': {
      if (node.namedChildCount !== 1) return undefined;
      const declarator = node.namedChild(0)!;
      return valued(node, declarator.childForFieldName('value'), declarator.childForFieldName('name'), 'function');
    }
    case 'assignment_expression':
      return valued(node, node.childForFieldName('right'), node.childForFieldName('left'), 'function');
    case 'pair':
      return valued(node, node.childForFieldName('value'), node.childForFieldName('key'), 'method');
    case 'public_field_definition':
    case 'field_definition':
      return valued(
        node,
        node.childForFieldName('value'),
        node.childForFieldName('name') ?? node.childForFieldName('property'),
        'method',
      );
    default:
      return undefined;
  }
}

function valued(node: Node, value: Node | null, name: Node | null, kind: Kind): Definition | undefined {
  if (!value || !FUNCTION_VALUES.has(value.type) || !name) return undefined;
  const isClass = value.type === 'class';
  return {
    kind: isClass ? 'class' : kind,
    name: shortened(name.text.replace(/^(module\.)?exports\.|\bprototype\./g, '')),
    inner: isClass ? value : node,
    container: isClass,
  };
}

function nameOf(node: Node): string | undefined {
  switch (node.type) {
    case 'impl_item': {
      const type = shortened(node.childForFieldName('type')?.text);
      const trait = node.childForFieldName('trait');
      return trait ? `${type} as ${shortened(trait.text)}` : type;
    }
    case 'type_declaration': {
      const names = node.namedChildren.flatMap((spec) => spec?.childForFieldName('name')?.text ?? []);
      return shortened(names.slice(0, 4).join(', '));
    }
    case 'method_declaration': {
      const receiver = node.childForFieldName('receiver')?.text;
      const name = node.childForFieldName('name')?.text;
      if (receiver === undefined) return shortened(name);
      const type = /([\w.]+)\s*(?:\[[^\]]*\])?\s*\)\s*$/.exec(receiver)?.[1];
      return type === undefined ? name : `${type}.${name}`;
    }
    case 'function_definition':
    case 'type_definition': {
      const name = node.childForFieldName('name');
      return shortened(name ? name.text : declaredName(node));
    }
    case 'rule_set':
    case 'media_statement':
      return shortened(node.firstNamedChild?.text);
    case 'singleton_class':
      return 'self';
    default:
      return shortened(node.childForFieldName('name')?.text);
  }
}

/** C and C++: the name lies at the end of a chain of declarators. */
function declaredName(node: Node): string | undefined {
  let at: Node | null = node.childForFieldName('declarator');
  for (let depth = 0; at && depth < 8; depth++) {
    const inner = at.childForFieldName('declarator') ?? (at.type === 'reference_declarator' ? at.lastNamedChild : null);
    if (!inner) return at.text;
    at = inner;
  }
  return undefined;
}

function shortened(name: string | undefined): string | undefined {
  const line = name?.replace(/\s+/g, ' ').trim();
  return line === undefined || line === '' ? undefined : line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** Comments, attributes and decorators: they belong to the node that follows. */
export function belongsToNext(type: string): boolean {
  return (
    type.endsWith('comment') ||
    type === 'attribute_item' ||
    type === 'decorator' ||
    type === 'attribute_list' ||
    type === 'annotation'
  );
}

const IMPORTS = new Set([
  'import_statement',
  'import_from_statement',
  'future_import_statement',
  'import_declaration',
  'use_declaration',
  'using_directive',
  'namespace_use_declaration',
  'preproc_include',
  'extern_crate_declaration',
  'package_clause',
  'package_declaration',
]);

export function isImport(type: string): boolean {
  return IMPORTS.has(type);
}
