import { posix } from 'node:path';
import type { Document } from '../../workspace/document.ts';
import type { TabContext } from '../source.ts';
import { maskedCode } from './code-mask.ts';
import { declares, namespaceOf, packageIn } from './declares.ts';
import type { ImportStatement, Wanted } from './imports/model.ts';
import { isSameModule, moduleFrom, moduleOfFile, resolvedModule } from './imports/module-path.ts';
import { standardModuleOf } from './imports/standard.ts';
import { importSyntaxOf } from './imports/syntax-of.ts';
import { type ProjectText, textsWith } from './project-texts.ts';
import type { Unresolved } from './unresolved.ts';

/** Where a name is from, as the project tells. */
export interface Origin {
  readonly wanted: Wanted;
  /** Files that import the name like this; 0 where nobody does yet. */
  readonly votes: number;
  /** Files that import it in any way, and files that use it without an import or declaration: it may be a global. */
  readonly importing: number;
  readonly without: number;
  readonly basis: 'imports' | 'declaration' | 'standard';
  /** A file that says so. */
  readonly seenIn: string | undefined;
}

/** Likeliest first: how other files import the name; else the one file that declares it; else the standard library. */
export async function originsOf(
  context: TabContext,
  document: Document,
  statements: readonly ImportStatement[],
  unresolved: Unresolved,
  signal: AbortSignal,
): Promise<readonly Origin[]> {
  const { name } = unresolved;
  const { languageId, path } = document;
  const votes = new Map<string, { wanted: Wanted; votes: number; seenIn: string }>();
  const declaring: ProjectText[] = [];
  const others: { readonly text: ProjectText; readonly statements: readonly ImportStatement[] }[] = [];
  let importing = 0;
  let without = 0;
  for await (const other of textsWith(context, name, languageId, path, signal)) {
    const theirs = importSyntaxOf(other.languageId)!.parse(other.text);
    others.push({ text: other, statements: theirs });
    const wanted = wantedIn(other, theirs, name, path);
    if (wanted === 'here') return [];
    if (wanted) {
      importing++;
      const key = `${wanted.module}\0${wanted.imported}\0${wanted.typeOnly}\0${wanted.form}`;
      const known = votes.get(key);
      if (known) known.votes++;
      else votes.set(key, { wanted, votes: 1, seenIn: other.path });
    } else if (declares(other.text, other.languageId, name)) declaring.push(other);
    else if (uses(other, name)) without++;
  }
  if (signal.aborted) return [];
  if (votes.size > 0)
    return [...votes.values()]
      .sort((a, b) => b.votes - a.votes || preference(b.wanted, statements) - preference(a.wanted, statements))
      .map((vote) => ({ ...vote, importing, without, basis: 'imports' }));
  const standard = standardModuleOf(languageId, name, unresolved.qualifier);
  if (standard !== undefined && declaring.length === 0) {
    const form = languageId === 'c' || languageId === 'cpp' ? 'angle' : languageId === 'ruby' ? 'require' : 'import';
    const wanted = { module: standard, imported: '*', local: name, typeOnly: false, form };
    return [{ wanted, votes: 0, importing, without, basis: 'standard', seenIn: undefined }];
  }
  const [only] = declaring;
  if (!only || declaring.length !== 1) return [];
  const wanted = wantedFrom(only, name, document, statements, others);
  if (!wanted) return [];
  return [{ wanted, votes: 0, importing, without, basis: 'declaration', seenIn: only.path }];
}

function preference({ form, typeOnly }: Wanted, statements: readonly ImportStatement[]): number {
  return (statements.some((statement) => statement.form === form) ? 2 : 0) + (typeOnly ? 0 : 1);
}

/** How another file imports the name, told for the file at `path`; `here` where it imports it from that very file. */
function wantedIn(
  { path: from, languageId, text }: ProjectText,
  statements: readonly ImportStatement[],
  name: string,
  path: string,
): Wanted | 'here' | undefined {
  for (const statement of statements)
    for (const { local, imported, typeOnly } of statement.names) {
      if (local !== name) continue;
      const resolved = relativeModule(languageId, statement, from);
      if (resolved !== undefined && isSameModule(resolved, path)) return 'here';
      return {
        module: resolved === undefined ? statement.module : moduleFrom(languageId, resolved, path),
        imported,
        local,
        typeOnly,
        form: statement.form === 'nested' ? 'use' : statement.form,
        sample: text.slice(statement.start, statement.end),
      };
    }
  return undefined;
}

function relativeModule(languageId: string, statement: ImportStatement, from: string): string | undefined {
  if (languageId === 'ruby' && statement.form !== 'require_relative') return undefined;
  if ((languageId === 'c' || languageId === 'cpp') && statement.form !== 'quoted') return undefined;
  return resolvedModule(languageId, statement.module, from);
}

function uses({ text, languageId }: ProjectText, name: string): boolean {
  const code = maskedCode(text, languageId, 'comments-and-strings');
  return new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])(?!\\s*:)`).test(code);
}

/** The first import of a name from the file that declares it. */
function wantedFrom(
  declaring: ProjectText,
  name: string,
  { languageId, path, content }: Document,
  own: readonly ImportStatement[],
  others: readonly { readonly text: ProjectText; readonly statements: readonly ImportStatement[] }[],
): Wanted | undefined {
  const base = { imported: name, local: name, typeOnly: false };
  switch (languageId) {
    case 'python': {
      const module = pythonModule(declaring.path, path, own);
      return module === undefined ? undefined : { ...base, module, form: 'from' };
    }
    case 'java':
    case 'php': {
      const theirs = packageIn(declaring.text, languageId);
      if (theirs === undefined || theirs === packageIn(content, languageId)) return undefined;
      return { ...base, module: `${theirs}${languageId === 'java' ? '.' : '\\'}${name}`, form: 'import' };
    }
    case 'csharp': {
      const theirs = namespaceOf(declaring.text);
      const mine = namespaceOf(content);
      if (theirs === undefined || mine === theirs || mine?.startsWith(`${theirs}.`)) return undefined;
      return { ...base, module: theirs, imported: '*', form: 'import' };
    }
    case 'c':
    case 'cpp':
    case 'ruby': {
      const forms = languageId === 'ruby' ? 'require_relative' : 'quoted';
      if (languageId !== 'ruby' && !/\.h(?:h|pp|xx)?$/.test(declaring.path)) return undefined;
      for (const { text, statements } of others)
        for (const { module, form } of statements) {
          if (form !== forms) continue;
          const resolved = resolvedModule(languageId, module, text.path)!;
          if (isRubyOrSame(resolved, declaring.path))
            return { ...base, module: moduleFrom(languageId, resolved, path), form: forms };
          // By a search path: spelled alike from everywhere.
          if (declaring.path.endsWith(`/${module}`)) return { ...base, module, form };
        }
      if (languageId === 'ruby' || posix.dirname(declaring.path) !== posix.dirname(path)) return undefined;
      return { ...base, module: posix.basename(declaring.path), form: forms };
    }
    case 'go':
    case 'rust':
      return undefined;
    default: {
      // Where modules are imported whole, a bare name is something else.
      const near = own.filter(({ module }) => module.startsWith('.'));
      if (near.length > 1 && near.filter(({ names }) => names[0]?.imported === '*').length * 2 > near.length)
        return undefined;
      const byDefault = new RegExp(`\\bexport\\s+default\\s+(?:async\\s+)?(?:function\\*?|class)?\\s*${name}\\b`);
      const imported = byDefault.test(declaring.text) ? 'default' : name;
      const typeOnly =
        /^typescript/.test(languageId) &&
        new RegExp(`\\bexport\\s+(?:declare\\s+)?(?:interface|type)\\s+${name}\\b`).test(declaring.text) &&
        own.some((statement) => statement.typeOnly);
      return { ...base, imported, typeOnly, module: withEnding(declaring.path, path, languageId, own), form: 'import' };
    }
  }
}

function isRubyOrSame(resolved: string, path: string): boolean {
  return resolved === path || `${resolved}.rb` === path;
}

/** With or without file ending, as the file names its other modules. */
function withEnding(target: string, path: string, languageId: string, own: readonly ImportStatement[]): string {
  const relative = own.map(({ module }) => module).filter((module) => /^\.\.?\//.test(module));
  const ending = relative.map((module) => /\.[cm]?[jt]sx?$/.exec(module)?.[0]).find((found) => found !== undefined);
  if (ending === undefined) return moduleFrom(languageId, moduleOfFile(target), path);
  const stem = target.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
  const ownEnding = /\.[cm]?[jt]sx?$/.exec(target)?.[0] ?? '';
  return moduleFrom(languageId, stem + (ending.includes('j') ? ownEnding.replace(/tsx?$/, 'js') : ownEnding), path);
}

/** Relative where the file imports like that, else below the package that its imports name. */
function pythonModule(target: string, path: string, own: readonly ImportStatement[]): string | undefined {
  const resolved = moduleOfFile(target);
  if (own.some(({ module }) => module.startsWith('.'))) return moduleFrom('python', resolved, path);
  const parts = resolved.split('/');
  for (const { module } of own) {
    const at = parts.indexOf(module.split('.')[0]!);
    if (at >= 0 && path.split('/')[at] === parts[at]) return parts.slice(at).join('.');
  }
  return undefined;
}
