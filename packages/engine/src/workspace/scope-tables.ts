/**
 * What a name is where it stands:
 * - `here`: declared in the nearest scope around it (a parameter, a `const`); `outer`: in the scope around its parent, which is itself a scope
 *   (a function's name); `hoist`: in the nearest function or file (`var`, an assignment in Python);
 * - `member`: declared as a member of the nearest class-like node;
 * - `import`: a local name for something of another file; `import-name`: the name over there; `export`: what is exported under the name it has here;
 * - `key`: names a member without a receiver (`{ key: 1 }`); `keyword`: names a parameter of the function called (`f(key=1)`);
 * - `use`: refers to the scopes around it; `through`: says that a name here is the one of the outer scope (`global x`);
 * - `none`: no name of the program's own (a label, a module path).
 */
export type Role =
  | 'here'
  | 'outer'
  | 'hoist'
  | 'member'
  | 'import'
  | 'import-name'
  | 'export'
  | 'key'
  | 'keyword'
  | 'use'
  | 'through'
  | 'none';

/** How names are bound in one language; node and field names are its grammar's. Word lists are separated by blanks. */
export interface ScopeTable {
  /** Types of the leaves that are names; text of any other leaf (strings, comments) is none. */
  readonly names: string;
  /** Scopes: `function` is what `hoist` looks for; `class` holds members. A key may be `PARENT>TYPE`. */
  readonly scopes: Readonly<Record<string, 'function' | 'block' | 'class'>>;
  /** By `GRANDPARENT>PARENT.FIELD`, `PARENT.FIELD`, `GRANDPARENT>PARENT` or `PARENT`; the first that matches while climbing from the leaf through `patterns`. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Where nothing matched, by the leaf's own type; else `use`. */
  readonly leaves?: Readonly<Record<string, Role>>;
  /** Types that pass a binding position on to their children, and `TYPE.FIELD` that do not. */
  readonly patterns: string;
  readonly notPatterns?: string;
  /** Plain names reach the members of the class around them (`foo` for `this.foo`). */
  readonly implicitThis?: true;
  /** A local is visible only behind its declaration. */
  readonly sequential?: true;
  /** A further declaration in the same scope is another variable. */
  readonly shadowing?: true;
  /** Names of other files come in by an import that names them; else every top-level name of the project may be meant. */
  readonly imports?: true;
  /** Precedes a variable, is no part of its name, and makes any use of it a declaration. */
  readonly sigil?: '$';
  /** An assignment to `self.name` declares the member. */
  readonly assignedMembers?: true;
  /** Leaves (of strings) in which `{name}` is a use of that name. */
  readonly inline?: string;
}

const functions = (types: string) => Object.fromEntries(types.split(' ').map((type) => [type, 'function' as const]));
const blocks = (types: string) => Object.fromEntries(types.split(' ').map((type) => [type, 'block' as const]));
const classes = (types: string) => Object.fromEntries(types.split(' ').map((type) => [type, 'class' as const]));

const ECMASCRIPT: ScopeTable = {
  names:
    'identifier property_identifier private_property_identifier type_identifier shorthand_property_identifier shorthand_property_identifier_pattern statement_identifier',
  scopes: {
    ...functions(
      'function_declaration generator_function_declaration function_expression generator_function arrow_function method_definition function_signature method_signature abstract_method_signature call_signature construct_signature function_type constructor_type class_static_block internal_module module',
    ),
    ...blocks(
      'statement_block for_statement for_in_statement catch_clause switch_body type_alias_declaration mapped_type_clause conditional_type',
    ),
    ...classes('class_declaration abstract_class_declaration class interface_declaration object_type enum_declaration'),
  },
  roles: {
    'function_declaration.name': 'outer',
    'generator_function_declaration.name': 'outer',
    'function_signature.name': 'outer',
    'class_declaration.name': 'outer',
    'abstract_class_declaration.name': 'outer',
    'interface_declaration.name': 'outer',
    'type_alias_declaration.name': 'outer',
    'enum_declaration.name': 'outer',
    'internal_module.name': 'outer',
    'module.name': 'outer',
    'function_expression.name': 'here',
    'generator_function.name': 'here',
    'class.name': 'here',
    'variable_declaration>variable_declarator.name': 'hoist',
    'variable_declarator.name': 'here',
    'variable_declarator.value': 'use',
    'required_parameter.pattern': 'here',
    'required_parameter.value': 'use',
    'optional_parameter.pattern': 'here',
    formal_parameters: 'here',
    'arrow_function.parameter': 'here',
    'catch_clause.parameter': 'here',
    'for_in_statement.left': 'here',
    'type_parameter.name': 'here',
    'index_signature.name': 'none',
    infer_type: 'here',
    'mapped_type_clause.name': 'here',
    import_clause: 'import',
    namespace_import: 'import',
    'import_specifier.alias': 'import',
    'import_specifier.name': 'import',
    'export_specifier.name': 'export',
    'export_specifier.alias': 'none',
    'object>method_definition.name': 'key',
    'method_definition.name': 'member',
    'public_field_definition.name': 'member',
    'field_definition.property': 'member',
    'property_signature.name': 'member',
    'method_signature.name': 'member',
    'abstract_method_signature.name': 'member',
    'enum_body.name': 'member',
    'enum_assignment.name': 'member',
    'pair.key': 'key',
    'pair_pattern.key': 'key',
    jsx_attribute: 'key',
    'labeled_statement.label': 'none',
    'break_statement.label': 'none',
    'continue_statement.label': 'none',
  },
  patterns: 'object_pattern array_pattern pair_pattern rest_pattern assignment_pattern object_assignment_pattern',
  notPatterns: 'assignment_pattern.right object_assignment_pattern.right pair_pattern.key',
  imports: true,
};

const PYTHON: ScopeTable = {
  names: 'identifier',
  scopes: {
    ...functions('function_definition lambda'),
    ...blocks('list_comprehension set_comprehension dictionary_comprehension generator_expression'),
    ...classes('class_definition'),
  },
  roles: {
    'function_definition.name': 'outer',
    'class_definition.name': 'outer',
    parameters: 'here',
    lambda_parameters: 'here',
    'default_parameter.name': 'here',
    'typed_default_parameter.name': 'here',
    'typed_parameter.type': 'use',
    typed_parameter: 'here',
    'assignment.left': 'hoist',
    'augmented_assignment.left': 'hoist',
    'named_expression.name': 'hoist',
    'for_statement.left': 'hoist',
    'for_in_clause.left': 'here',
    as_pattern_target: 'hoist',
    'import_from_statement>dotted_name': 'import',
    'import_from_statement.module_name': 'none',
    relative_import: 'none',
    'import_statement.name': 'import',
    'import_from_statement>aliased_import.alias': 'import',
    'import_from_statement.name': 'import',
    'aliased_import.name': 'import-name',
    'aliased_import.alias': 'import',
    'keyword_argument.name': 'keyword',
    global_statement: 'through',
    nonlocal_statement: 'through',
    keyword_pattern: 'use',
  },
  patterns: 'pattern_list tuple_pattern list_pattern list_splat_pattern dictionary_splat_pattern dotted_name',
  imports: true,
  assignedMembers: true,
};

const GO: ScopeTable = {
  names: 'identifier field_identifier type_identifier package_identifier label_name',
  scopes: {
    ...functions('function_declaration method_declaration func_literal method_elem function_type'),
    ...blocks(
      'block if_statement for_statement expression_switch_statement type_switch_statement expression_case type_case default_case communication_case select_statement',
    ),
    ...classes('type_spec'),
  },
  roles: {
    'function_declaration.name': 'outer',
    'method_declaration.name': 'member',
    'method_elem.name': 'member',
    'field_declaration.name': 'member',
    'type_spec.name': 'outer',
    'type_alias.name': 'here',
    'const_spec.name': 'here',
    'var_spec.name': 'here',
    'parameter_declaration.name': 'here',
    'variadic_parameter_declaration.name': 'here',
    'type_parameter_declaration.name': 'here',
    'short_var_declaration.left': 'here',
    'range_clause.left': 'here',
    'receive_statement.left': 'here',
    'type_switch_statement.alias': 'here',
    'keyed_element.key': 'key',
    'import_spec.name': 'import',
    package_clause: 'none',
    'labeled_statement.label': 'none',
  },
  leaves: { label_name: 'none' },
  patterns: 'expression_list literal_element',
  sequential: true,
};

const RUST: ScopeTable = {
  names: 'identifier field_identifier type_identifier shorthand_field_identifier',
  scopes: {
    ...functions('function_item function_signature_item closure_expression'),
    ...blocks('block match_arm for_expression if_expression while_expression mod_item type_item'),
    ...classes('impl_item trait_item struct_item enum_item union_item'),
  },
  roles: {
    'declaration_list>function_item.name': 'member',
    'function_item.name': 'outer',
    'function_signature_item.name': 'member',
    'struct_item.name': 'outer',
    'enum_item.name': 'outer',
    'union_item.name': 'outer',
    'trait_item.name': 'outer',
    'mod_item.name': 'outer',
    'type_item.name': 'outer',
    'const_item.name': 'here',
    'static_item.name': 'here',
    'associated_type.name': 'member',
    'field_declaration.name': 'member',
    'enum_variant.name': 'member',
    'field_initializer.field': 'key',
    'let_declaration.pattern': 'here',
    'let_condition.pattern': 'here',
    'parameter.pattern': 'here',
    closure_parameters: 'here',
    'for_expression.pattern': 'here',
    'match_arm.pattern': 'here',
    'match_pattern.condition': 'use',
    'type_parameter.name': 'here',
    'const_parameter.name': 'here',
    'tuple_struct_pattern.type': 'use',
    'struct_pattern.type': 'use',
    'use_as_clause.alias': 'import',
    'use_as_clause.path': 'import-name',
    use_list: 'import',
    'use_declaration.argument': 'import',
    'use_declaration>scoped_identifier.name': 'import',
    'use_list>scoped_identifier.name': 'import',
    'use_as_clause>scoped_identifier.name': 'import-name',
    label: 'none',
  },
  inline: 'string_content',
  patterns:
    'tuple_pattern slice_pattern struct_pattern tuple_struct_pattern field_pattern ref_pattern mut_pattern reference_pattern captured_pattern or_pattern match_pattern',
  sequential: true,
  shadowing: true,
};

const JAVA: ScopeTable = {
  names: 'identifier type_identifier',
  scopes: {
    ...functions('method_declaration constructor_declaration lambda_expression compact_constructor_declaration'),
    ...blocks(
      'block constructor_body for_statement enhanced_for_statement try_with_resources_statement catch_clause switch_block switch_rule',
    ),
    ...classes(
      'class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration object_creation_expression>class_body enum_constant>class_body',
    ),
  },
  roles: {
    'class_declaration.name': 'outer',
    'interface_declaration.name': 'outer',
    'enum_declaration.name': 'outer',
    'record_declaration.name': 'outer',
    'annotation_type_declaration.name': 'outer',
    'constructor_declaration.name': 'use',
    'method_declaration.name': 'member',
    'field_declaration>variable_declarator.name': 'member',
    'enum_constant.name': 'member',
    'variable_declarator.name': 'here',
    'variable_declarator.value': 'use',
    'formal_parameter.name': 'here',
    'catch_formal_parameter.name': 'here',
    'enhanced_for_statement.name': 'here',
    'resource.name': 'here',
    inferred_parameters: 'here',
    'lambda_expression.parameters': 'here',
    type_pattern: 'here',
    'instanceof_expression.name': 'hoist',
    type_parameter: 'here',
    'import_declaration>scoped_identifier.name': 'import',
    package_declaration: 'none',
    labeled_statement: 'none',
    break_statement: 'none',
    continue_statement: 'none',
  },
  patterns: '',
  implicitThis: true,
  sequential: true,
};

const CPP: ScopeTable = {
  names: 'identifier field_identifier type_identifier namespace_identifier statement_identifier',
  scopes: {
    ...functions('function_definition lambda_expression'),
    ...blocks(
      'compound_statement for_statement for_range_loop if_statement while_statement switch_statement catch_clause namespace_definition template_declaration declaration>function_declarator field_declaration>function_declarator pointer_declarator>function_declarator preproc_function_def',
    ),
    ...classes('class_specifier struct_specifier union_specifier'),
  },
  roles: {
    'class_specifier.name': 'outer',
    'struct_specifier.name': 'outer',
    'union_specifier.name': 'outer',
    'enum_specifier.name': 'here',
    'namespace_definition.name': 'outer',
    'enumerator.name': 'here',
    'field_declaration_list>function_definition.declarator': 'member',
    'function_definition.declarator': 'outer',
    'template_declaration>function_definition.declarator': 'outer',
    'field_declaration.declarator': 'member',
    'declaration.declarator': 'here',
    'init_declarator.value': 'use',
    'parameter_declaration.declarator': 'here',
    'optional_parameter_declaration.declarator': 'here',
    'variadic_parameter_declaration.declarator': 'here',
    'for_range_loop.declarator': 'here',
    type_parameter_declaration: 'here',
    'optional_type_parameter_declaration.name': 'here',
    'type_definition.declarator': 'here',
    'alias_declaration.name': 'here',
    'preproc_def.name': 'here',
    'preproc_function_def.name': 'outer',
    preproc_params: 'here',
    field_initializer: 'key',
    field_designator: 'key',
    'labeled_statement.label': 'none',
    'goto_statement.label': 'none',
  },
  leaves: { statement_identifier: 'none' },
  patterns:
    'pointer_declarator reference_declarator array_declarator init_declarator function_declarator parenthesized_declarator structured_binding_declarator attributed_declarator variadic_declarator',
  notPatterns: 'array_declarator.size init_declarator.value',
  implicitThis: true,
  sequential: true,
};

const CSHARP: ScopeTable = {
  names: 'identifier implicit_parameter',
  scopes: {
    ...functions(
      'method_declaration constructor_declaration local_function_statement lambda_expression anonymous_method_expression operator_declaration accessor_declaration',
    ),
    ...blocks(
      'block for_statement foreach_statement using_statement catch_clause switch_section switch_expression_arm delegate_declaration',
    ),
    ...classes('class_declaration struct_declaration interface_declaration record_declaration enum_declaration'),
  },
  roles: {
    'class_declaration.name': 'outer',
    'struct_declaration.name': 'outer',
    'interface_declaration.name': 'outer',
    'record_declaration.name': 'outer',
    'enum_declaration.name': 'outer',
    'delegate_declaration.name': 'outer',
    'local_function_statement.name': 'outer',
    'constructor_declaration.name': 'use',
    'method_declaration.name': 'member',
    'method_declaration.type': 'use',
    'property_declaration.name': 'member',
    'event_declaration.name': 'member',
    'enum_member_declaration.name': 'member',
    'field_declaration>variable_declaration': 'member',
    'event_field_declaration>variable_declaration': 'member',
    'variable_declaration.type': 'use',
    variable_declaration: 'here',
    'tuple_pattern.name': 'here',
    'parameter.type': 'use',
    'parameter.name': 'here',
    'lambda_expression.parameters': 'here',
    'foreach_statement.left': 'here',
    'catch_declaration.name': 'here',
    'declaration_pattern.name': 'hoist',
    'declaration_expression.name': 'hoist',
    'recursive_pattern.name': 'hoist',
    'var_pattern.name': 'hoist',
    'type_parameter.name': 'here',
    'argument.name': 'keyword',
    'attribute_argument.name': 'key',
    'initializer_expression>assignment_expression.left': 'key',
    'using_directive.name': 'import',
    using_directive: 'none',
    'namespace_declaration.name': 'none',
    labeled_statement: 'none',
    goto_statement: 'none',
  },
  leaves: { implicit_parameter: 'here' },
  patterns: 'parenthesized_variable_designation variable_declarator',
  notPatterns: 'variable_declarator.',
  implicitThis: true,
  sequential: true,
};

const RUBY: ScopeTable = {
  names: 'identifier constant instance_variable class_variable global_variable hash_key_symbol simple_symbol',
  scopes: {
    ...functions('method singleton_method'),
    ...blocks('block do_block lambda'),
    ...classes('class module singleton_class'),
  },
  roles: {
    'method.name': 'member',
    'singleton_method.name': 'member',
    'class.name': 'outer',
    'module.name': 'outer',
    method_parameters: 'here',
    block_parameters: 'here',
    lambda_parameters: 'here',
    'optional_parameter.name': 'here',
    'splat_parameter.name': 'here',
    'keyword_parameter.name': 'here',
    'hash_splat_parameter.name': 'here',
    'block_parameter.name': 'here',
    'assignment.left': 'hoist',
    'operator_assignment.left': 'hoist',
    exception_variable: 'hoist',
    'for.pattern': 'hoist',
    'argument_list>pair.key': 'keyword',
    'pair.key': 'key',
    alias: 'key',
  },
  leaves: { simple_symbol: 'key', hash_key_symbol: 'key' },
  patterns: 'left_assignment_list destructured_left_assignment destructured_parameter rest_assignment',
  implicitThis: true,
  assignedMembers: true,
};

const PHP: ScopeTable = {
  names: 'name',
  scopes: {
    ...functions('function_definition method_declaration anonymous_function'),
    ...blocks('arrow_function'),
    ...classes('class_declaration interface_declaration trait_declaration enum_declaration anonymous_class'),
  },
  roles: {
    'function_definition.name': 'outer',
    'class_declaration.name': 'outer',
    'interface_declaration.name': 'outer',
    'trait_declaration.name': 'outer',
    'enum_declaration.name': 'outer',
    'method_declaration.name': 'member',
    'property_element.name': 'member',
    'property_promotion_parameter.name': 'here',
    'arrow_function.name': 'here',
    'simple_parameter.name': 'here',
    'variadic_parameter.name': 'here',
    'class_declaration>const_declaration': 'member',
    'declaration_list>const_declaration': 'member',
    const_declaration: 'here',
    'enum_case.name': 'member',
    'scoped_property_access_expression.name': 'use',
    anonymous_function_use_clause: 'through',
    global_declaration: 'through',
    'argument.name': 'keyword',
    'namespace_use_clause.alias': 'import',
    'namespace_use_clause>qualified_name': 'import',
    namespace_use_clause: 'import',
    namespace_definition: 'none',
    namespace_name: 'none',
  },
  patterns: 'const_element by_ref variable_name',
  sigil: '$',
};

const TABLES: Readonly<Record<string, ScopeTable>> = {
  typescript: ECMASCRIPT,
  typescriptreact: ECMASCRIPT,
  javascript: ECMASCRIPT,
  javascriptreact: ECMASCRIPT,
  python: PYTHON,
  go: GO,
  rust: RUST,
  java: JAVA,
  c: CPP,
  cpp: CPP,
  csharp: CSHARP,
  ruby: RUBY,
  php: PHP,
};

/** The kind of scope that `path[at]` is, if it is one. */
export function scopeKindOf(
  table: ScopeTable,
  path: readonly { readonly type: string }[],
  at: number,
): 'function' | 'block' | 'class' | undefined {
  const type = path[at]?.type;
  if (at <= 0 || type === undefined) return undefined;
  return table.scopes[`${path[at - 1]!.type}>${type}`] ?? table.scopes[type];
}

/** `undefined` where the language has no table. */
export function scopeTableOf(languageId: string): ScopeTable | undefined {
  return TABLES[languageId];
}
