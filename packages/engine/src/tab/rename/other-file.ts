import type { Binding, NameBindings, Reference } from '../../workspace/scopes.ts';
import { occurrencesOf } from '../../workspace/tokens.ts';
import { importedModule, namespaceModule, resolvesTo } from './imports.ts';

/** What is renamed, as its own file tells it. */
export interface Target {
  readonly path: string;
  readonly languageId: string;
  readonly binding: Binding;
  /** Names of other files come in by imports that name them. */
  readonly imports: boolean;
}

/** A place in a file other than the declaring one. */
export interface OtherPlace {
  readonly reference: Reference;
  readonly certainty: number;
}

/** Where a file other than the declaring one means `target`. `found` are the bindings of the old name in that file, `text` its text. */
export function placesElsewhere(target: Target, path: string, text: string, found: NameBindings): OtherPlace[] {
  const { binding } = target;
  const places: OtherPlace[] = [];
  const add = (reference: Reference, certainty: number) => {
    if (certainty >= 0.2) places.push({ reference, certainty: Math.min(certainty, reference.certainty) });
  };
  if (binding.parameterOf !== undefined)
    for (const { callee, reference } of found.keywords) if (callee === binding.parameterOf) add(reference, 0.8);
  if (binding.kind === 'local') return places;

  if (binding.kind === 'member') {
    for (const other of found.bindings) {
      if (other.kind === 'free' && target.languageId === 'ruby')
        for (const reference of other.references) add(reference, 0.4);
      if (other.kind !== 'member') continue;
      const declared = other.references.some(({ declares }) => declares);
      const same = other.owner === binding.owner;
      // A class of that file with such a member of its own is another one, unless it is the rest of the same class (C++, C#, Go, Rust).
      if (declared && !same && extendsOwner(text, other.owner, binding.owner) === false) continue;
      // A file that names the type is likely to hold its objects; of one that does not, only the member's name speaks.
      const named = binding.owner !== undefined && occurrencesOf(text, binding.owner).length > 0;
      const base = same && binding.owner !== undefined ? 0.9 : named ? 0.75 : 0.45;
      for (const reference of other.references)
        add(
          other.owner === undefined ? { ...reference, certainty: 1 } : reference,
          reference.form === 'plain' ? base : base / 2,
        );
    }
    return places;
  }

  for (const other of found.bindings) {
    if (other.kind === 'member') {
      for (const reference of other.references) {
        const receiver = /([\w$]+)\s*(?:\.|\?\.|->|::)\s*$/.exec(
          text.slice(Math.max(0, reference.start - 60), reference.start),
        )?.[1];
        if (receiver !== undefined) add({ ...reference, certainty: 1 }, qualifies(receiver, target, path, text));
      }
      continue;
    }
    const entry = other.references.find(({ declares, form }) => declares || form === 'import-name');
    const module = entry && importedModule(text, entry.start, entry.end);
    if (module !== undefined) {
      const certainty = resolvesTo(module, path, target.path);
      for (const reference of other.references)
        add(reference === entry ? { ...reference, form: 'plain' } : reference, certainty);
    } else if (other.kind === 'import')
      for (const reference of other.references) add(reference, target.imports ? 0.3 : 0.85);
    else if (other.kind === 'free' && !target.imports)
      for (const reference of other.references) add({ ...reference, certainty: 1 }, visible(target, path));
    // Another declaration of the very same top-level name: the definition to a prototype, the other half of a partial class.
    else if (other.kind === 'top' && (target.languageId === 'c' || target.languageId === 'cpp'))
      for (const reference of other.references) add(reference, 0.8);
  }
  return places;
}

function qualifies(receiver: string, target: Target, path: string, text: string): number {
  const stem = target.path.slice(target.path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  const folder = target.path.split('/').at(-2);
  if (target.imports) {
    const module = namespaceModule(text, receiver);
    return module === undefined ? 0 : resolvesTo(module, path, target.path);
  }
  if (target.languageId === 'go') return receiver === folder ? 0.9 : 0.3;
  return receiver === stem || receiver === folder || receiver === 'crate' || receiver === 'super' ? 0.85 : 0.35;
}

function visible(target: Target, path: string): number {
  if (target.languageId !== 'go') return 0.75;
  return folderOf(target.path) === folderOf(path) ? 0.95 : 0;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function extendsOwner(text: string, owner: string | undefined, base: string | undefined): boolean {
  if (!owner || !base || !/^\w+$/.test(owner) || !/^\w+$/.test(base)) return false;
  return new RegExp(
    `\\b${owner}\\b[^{\\n]*\\b${base}\\b|\\bimpl\\b[^{\\n]*\\b${base}\\b[^{\\n]*\\bfor\\s+${owner}\\b`,
  ).test(text);
}
