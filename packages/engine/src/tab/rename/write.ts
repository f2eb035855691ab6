import type { Binding, Reference } from '../../workspace/scopes.ts';

const ECMASCRIPT = /^(?:typescript|javascript)(?:react)?$/;

/**
 * What takes the place of `oldName` at a reference, so that the program goes on to mean the same: as the TypeScript language service renames with
 * aliases on (`{ old }` -> `{ old: new }`, `export { old }` -> `export { new as old }`).
 */
export function replacementAt(
  reference: Pick<Reference, 'form'>,
  binding: Pick<Binding, 'kind'>,
  oldName: string,
  newName: string,
  languageId: string,
): string {
  const braces = ECMASCRIPT.test(languageId) || languageId === 'rust';
  switch (reference.form) {
    case 'shorthand-value':
      if (!braces) return newName;
      return binding.kind === 'member' ? `${newName}: ${oldName}` : `${oldName}: ${newName}`;
    case 'shorthand-pattern':
      if (!braces) return newName;
      return binding.kind === 'member' ? `${newName}: ${oldName}` : `${oldName}: ${newName}`;
    case 'export':
      return `${newName} as ${oldName}`;
    case 'import':
      return binding.kind === 'import' &&
        (ECMASCRIPT.test(languageId) || languageId === 'python' || languageId === 'rust')
        ? `${oldName} as ${newName}`
        : newName;
    default:
      return newName;
  }
}
