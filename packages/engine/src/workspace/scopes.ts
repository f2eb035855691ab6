import type { Tree } from 'web-tree-sitter';
import { type NameSite, nameSites, type SiteForm } from './name-sites.ts';
import { calleeOf, headNameOf, literalTypeOf, ownerOf } from './owners.ts';
import { type ScopeTable, scopeKindOf, scopeTableOf } from './scope-tables.ts';
import type { Step } from './syntax-paths.ts';

/** One place that belongs to a binding. Offsets in UTF-16 code units of the raw text, of the bare name (no `$`, `@` or `#`). */
export interface Reference {
  readonly start: number;
  readonly end: number;
  readonly form: SiteForm;
  readonly declares: boolean;
  /** 0..1: how sure it is that the place means this binding; below 1 where a type would have to be known. */
  readonly certainty: number;
  /** `member` where it is reached through an object or names a field; `plain` where scopes find it; `keyword` in `f(name=1)`. */
  readonly access: 'plain' | 'member' | 'keyword';
}

/**
 * What a name means at some place, as far as one file tells:
 * `local` to a function or block; `top` of the file, so that other files may see it; `import`ed from elsewhere; a `member` of a class or type;
 * `free`, declared nowhere in this file.
 */
export interface Binding {
  readonly kind: 'local' | 'top' | 'import' | 'member' | 'free';
  readonly name: string;
  /** In order of the text; declarations are among them. */
  readonly references: readonly Reference[];
  /** The class or type whose member it is, where that is known. */
  readonly owner?: string;
  /** The function whose parameter it is: calls elsewhere may name it. */
  readonly parameterOf?: string;
}

/** All bindings of one name in a file, and its mentions in comments and strings. */
export interface NameBindings {
  readonly bindings: readonly Binding[];
  readonly mentions: readonly Reference[];
  /** `f(name=1)`: arguments that name a parameter of `callee`, which may be in another file. */
  readonly keywords: readonly { readonly callee: string; readonly reference: Reference }[];
}

/**
 * Groups the occurrences of `name` by what they mean: scopes, parameters, shadowing, members, keys, imports; data per language in scope-tables.ts.
 * Only occurrences of the name are looked at, so the cost grows with them and not with the file.
 */
export function bindingsOf(tree: Tree, languageId: string, text: string, name: string): NameBindings {
  const table = scopeTableOf(languageId);
  if (!table) return { bindings: [], mentions: [], keywords: [] };
  const sites = nameSites(tree, languageId, text, name);
  const program = new Program(table, text, sites);
  return {
    bindings: program.bindings(name),
    mentions: sites.filter((site) => site.form === 'text').map((site) => reference(site, 0.3)),
    keywords: sites
      .filter((site) => site.role === 'keyword')
      .map((site) => ({ callee: calleeOf(text, site) ?? '', reference: reference(site, 0.9, 'keyword') })),
  };
}

/** The binding that the name at `offset` belongs to. */
export function bindingAt(bindings: NameBindings, offset: number): Binding | undefined {
  return bindings.bindings.find((binding) =>
    binding.references.some(({ start, end }) => start <= offset && offset <= end),
  );
}

interface Declaration {
  readonly site: NameSite;
  readonly scope: Step;
  /** From where on it can be seen. */
  readonly from: number;
  readonly group: NameSite[];
  readonly kind: 'local' | 'top' | 'import' | 'class';
}

function reference(
  site: NameSite,
  certainty: number,
  access: Reference['access'] = 'plain',
  declares = false,
): Reference {
  return { start: site.start, end: site.end, form: site.form, declares, certainty, access };
}

/** The sites of one name in one file, on the way to its bindings. */
class Program {
  readonly #table: ScopeTable;
  readonly #text: string;
  readonly #sites: readonly NameSite[];
  readonly #declarations: Declaration[] = [];
  readonly #through = new Map<Step, Set<string>>();

  constructor(table: ScopeTable, text: string, sites: readonly NameSite[]) {
    this.#table = table;
    this.#text = text;
    this.#sites = sites;
  }

  bindings(name: string): Binding[] {
    for (const site of this.#sites) if (site.role === 'through') this.#passThrough(site);
    for (const site of this.#sites) this.#declare(site);
    const plain = new Map<NameSite[], { declaration: Declaration; sites: NameSite[] }>();
    for (const declaration of this.#declarations) {
      const known = plain.get(declaration.group);
      if (known) known.sites.push(declaration.site);
      else plain.set(declaration.group, { declaration, sites: [declaration.site] });
    }
    const declaring = new Set(this.#declarations.map(({ site }) => site));
    const free: NameSite[] = [];
    const members: NameSite[] = [];
    const implicit: { site: NameSite; owner: string }[] = [];
    const keywords: NameSite[] = [];
    for (const site of this.#sites) {
      if (site.form === 'text' || site.role === 'none' || site.role === 'import-name') continue;
      if (site.role === 'member' || site.role === 'key' || (site.receiver !== 'none' && !declaring.has(site)))
        members.push(site);
      // `{ name }` is a key as well as a variable.
      else if (site.form.startsWith('shorthand')) members.push(site);
      if (site.role === 'keyword') keywords.push(site);
      if (declaring.has(site) || (site.role !== 'use' && site.role !== 'export' && site.role !== 'through')) continue;
      if (site.receiver !== 'none') continue;
      const declaration = this.#resolve(site);
      if (declaration?.kind === 'class')
        implicit.push({ site, owner: ownerOf(this.#table, this.#text, declaration.site) });
      else if (declaration) plain.get(declaration.group)!.sites.push(site);
      else free.push(site);
    }
    const bindings: Binding[] = [];
    for (const { declaration, sites } of plain.values())
      if (declaration.kind !== 'class') bindings.push(this.#plainBinding(name, declaration, sites, keywords));
    bindings.push(...this.#memberBindings(name, members, implicit, free, keywords));
    if (free.length)
      bindings.push({ kind: 'free', name, references: sorted(free.map((site) => reference(site, 0.7))) });
    for (const site of this.#sites)
      if (site.role === 'import-name') bindings.push({ kind: 'import', name, references: [reference(site, 1)] });
    return bindings;
  }

  #passThrough(site: NameSite): void {
    const scope = this.#scopeAbove(site.path, site.at, 'function');
    const names = this.#through.get(scope) ?? new Set();
    this.#through.set(scope, names.add(site.prefix));
  }

  #declare(site: NameSite): void {
    const { role, path, at } = site;
    let scope: Step | undefined;
    if (role === 'here') scope = this.#scopeAbove(path, at, 'any');
    else if (role === 'outer') scope = this.#scopeAbove(path, at - 1, 'any');
    else if (role === 'import') scope = this.#scopeAbove(path, at, 'hoist');
    else if (role === 'hoist') scope = this.#scopeAbove(path, at, 'hoist', site.prefix);
    else if (role === 'use' && this.#table.sigil && site.prefix === '$' && site.receiver === 'none') {
      if (this.#resolve(site)) return;
      scope = this.#scopeAbove(path, at, 'hoist', '$');
    } else if (role === 'member' && this.#table.implicitThis && site.prefix === '')
      scope = this.#scopeAbove(path, at - 1, 'class');
    if (!scope) return;
    const kindOfScope = this.#kindOf(path, scope);
    const isMember = role === 'member' || (role === 'hoist' && kindOfScope === 'class');
    if (isMember && !this.#table.implicitThis) return;
    const local = kindOfScope !== undefined && kindOfScope !== 'class' && !isNamespace(scope);
    const statement = path[at]!;
    const declaration: Omit<Declaration, 'group'> = {
      site,
      scope,
      from: local && this.#table.sequential && role !== 'outer' ? declaredBehind(path, at, statement) : 0,
      kind: isMember ? 'class' : role === 'import' ? 'import' : local ? 'local' : 'top',
    };
    const group = this.#groupOf(declaration);
    this.#declarations.push({ ...declaration, group });
  }

  /** Declarations of one name in one scope are one binding, but where the language lets a later one shadow. */
  #groupOf(declaration: Omit<Declaration, 'group'>): NameSite[] {
    if (this.#table.shadowing && declaration.kind === 'local') {
      const alternative = this.#declarations.find(
        (other) => other.scope === declaration.scope && other.from === declaration.from && other.kind === 'local',
      );
      return alternative?.group ?? [];
    }
    return (
      this.#declarations.find(
        (other) =>
          other.scope === declaration.scope &&
          other.site.prefix === declaration.site.prefix &&
          (other.kind === 'class') === (declaration.kind === 'class'),
      )?.group ?? []
    );
  }

  #resolve(site: NameSite): Declaration | undefined {
    let first = site.path.length - 1;
    if (site.role === 'through') first = site.path.indexOf(this.#scopeAbove(site.path, site.at, 'function')) - 1;
    for (let at = first; at >= 0; at--) {
      const scope = site.path[at]!;
      let best: Declaration | undefined;
      for (const declaration of this.#declarations) {
        if (declaration.scope !== scope || declaration.from > site.start || declaration.site.prefix !== site.prefix)
          continue;
        if (!best || declaration.from >= best.from) best = declaration;
      }
      if (best) return best;
    }
    return undefined;
  }

  #kindOf(path: readonly Step[], scope: Step): 'function' | 'block' | 'class' | undefined {
    return scopeKindOf(this.#table, path, path.indexOf(scope));
  }

  /** The nearest scope of a kind at `path[from]` or above; the root where there is none. `hoist` passes over scopes that a `through` opened for `prefix`. */
  #scopeAbove(
    path: readonly Step[],
    from: number,
    wanted: 'any' | 'function' | 'class' | 'hoist',
    prefix?: string,
  ): Step {
    for (let at = from; at > 0; at--) {
      const step = path[at]!;
      const kind = this.#kindOf(path, step);
      if (!kind) continue;
      if (wanted === 'hoist' && kind === 'function' && prefix !== undefined && this.#through.get(step)?.has(prefix))
        continue;
      if (wanted === 'any' || kind === wanted || (wanted === 'hoist' && kind !== 'block')) return step;
    }
    return path[0]!;
  }

  #plainBinding(
    name: string,
    declaration: Declaration,
    sites: readonly NameSite[],
    keywords: readonly NameSite[],
  ): Binding {
    const declaring = new Set(this.#declarations.map(({ site }) => site));
    const references = sites.map((site) => reference(site, 1, 'plain', declaring.has(site)));
    const parameterOf =
      declaration.kind === 'local' && isParameter(declaration.site)
        ? headNameOf(this.#table, this.#text, declaration.scope, declaration.site)
        : undefined;
    if (parameterOf !== undefined)
      for (const site of keywords)
        if (calleeOf(this.#text, site) === parameterOf) references.push(reference(site, 0.95, 'keyword'));
    const kind = declaration.kind === 'class' ? 'top' : declaration.kind;
    return {
      kind,
      name,
      references: references.sort((a, b) => a.start - b.start),
      ...(parameterOf ? { parameterOf } : {}),
    };
  }

  #memberBindings(
    name: string,
    sites: readonly NameSite[],
    implicit: readonly { site: NameSite; owner: string }[],
    free: NameSite[],
    keywords: readonly NameSite[],
  ): Binding[] {
    const bindings: Binding[] = [];
    for (const prefix of new Set(sites.map(memberPrefix))) {
      const same = sites.filter((site) => memberPrefix(site) === prefix);
      const classAssigned = this.#sites.filter(
        (site) => site.role === 'hoist' && prefix === '' && this.#classBody(site),
      );
      const declared = [...same.filter((site) => site.role === 'member' && site.receiver === 'none'), ...classAssigned];
      const ownerOfSite = (site: NameSite) => ownerOf(this.#table, this.#text, site);
      const owners = new Set(declared.map(ownerOfSite));
      for (const site of same) if (site.receiver === 'this') owners.add(ownerOfSite(site));
      if (owners.size > 1) for (const owner of [...owners]) if (this.#inherits(owner, owners)) owners.delete(owner);
      const all = new Set([...same, ...classAssigned]);
      for (const owner of owners.size ? owners : ['']) {
        const references: Reference[] = [];
        for (const site of all) {
          const certainty = this.#certainty(site, owner, owners, declared.includes(site), ownerOfSite(site));
          const declares = declared.includes(site) || this.#assigns(site);
          if (certainty > 0) references.push(reference(site, certainty, 'member', declares));
        }
        for (const { site, owner: found } of implicit) if (found === owner) references.push(reference(site, 1));
        if (this.#table.implicitThis && owners.size === 1 && declared.length) {
          for (const site of free) references.push(reference(site, 0.8));
          free.length = 0;
        }
        for (const site of keywords)
          if (calleeOf(this.#text, site) === owner) references.push(reference(site, 0.9, 'keyword'));
        references.sort((a, b) => a.start - b.start);
        if (references.length) bindings.push({ kind: 'member', name, references, ...(owner ? { owner } : {}) });
      }
    }
    return bindings;
  }

  /** An assignment right in a class body (Python, Ruby constants) makes a member. */
  #classBody(site: NameSite): boolean {
    return this.#kindOf(site.path, this.#scopeAbove(site.path, site.at, 'hoist')) === 'class';
  }

  /** `self.name = …` where members come into being by assignment. */
  #assigns(site: NameSite): boolean {
    if (!this.#table.assignedMembers || site.receiver !== 'this') return false;
    return /^\s*(?::[^=\n]+)?=(?![=~])/.test(this.#text.slice(site.end, site.end + 80));
  }

  /** `class B extends A`: what B says of the name is said of A's. */
  #inherits(owner: string, owners: ReadonlySet<string>): boolean {
    if (!/^\w+$/.test(owner)) return false;
    const head = new RegExp(`\\b(?:class|interface|struct)\\s+${owner}\\b([^{\\n]*)`).exec(this.#text)?.[1] ?? '';
    const trait = new RegExp(`\\bimpl\\b[^{\\n]*?\\b(\\w+)(?:<[^>{]*>)?\\s+for\\s+${owner}\\b`).exec(this.#text)?.[1];
    return [...owners].some(
      (other) => other !== owner && /^\w+$/.test(other) && (other === trait || new RegExp(`\\b${other}\\b`).test(head)),
    );
  }

  #certainty(site: NameSite, owner: string, owners: ReadonlySet<string>, declares: boolean, own: string): number {
    const alone = owners.size <= 1;
    if (declares || site.receiver === 'this') {
      if (own === owner) return 1;
      return owners.has(own) ? 0 : 0.7;
    }
    if (site.receiver === 'none') {
      // Objects without a named type are many; a variable of a field's name is packed into most of them.
      if (site.form.startsWith('shorthand') && owner === '') return 0;
      const literal = literalTypeOf(this.#text, site);
      if (literal !== undefined && literal !== '') return literal === owner ? 1 : owners.has(literal) ? 0 : 0.3;
      return site.form.startsWith('shorthand') ? 0.4 : alone ? 0.6 : 0.35;
    }
    const receiver = /([\w$]+)\s*(?:\.|\?\.|&\.|->|\?->|::)\s*[$#@]*$/.exec(
      this.#text.slice(Math.max(0, site.start - 60), site.start),
    )?.[1];
    if (receiver === owner && owner !== '') return 1;
    if (receiver !== undefined && owners.has(receiver)) return 0;
    return owner === '' ? 0.4 : alone ? 0.85 : 0.4;
  }
}

function sorted(references: Reference[]): Reference[] {
  return references.sort((a, b) => a.start - b.start);
}

/** `$` before a PHP property and `:` before a Ruby symbol are spelling; `#` and `@` are another name. */
function memberPrefix(site: NameSite): string {
  return site.prefix === '$' || site.prefix === ':' ? '' : site.prefix;
}

function isNamespace(scope: Step): boolean {
  return /^(namespace_definition|internal_module|module|mod_item|template_declaration)$/.test(scope.type);
}

function isParameter(site: NameSite): boolean {
  return /param|formal/.test(site.path[site.at]!.type);
}

/** A local can be seen behind the statement that declares it, a name in a head (loop, parameter, pattern) right away. */
function declaredBehind(path: readonly Step[], at: number, statement: Step): number {
  if (!/declar|let_|assignment|spec|resource/.test(statement.type) || /param|catch|function/.test(statement.type))
    return statement.start;
  for (let up = at; up > Math.max(0, at - 2); up--) if (/let_condition/.test(path[up]!.type)) return path[up]!.end;
  return statement.end;
}
