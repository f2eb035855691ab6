import type { TabContext } from '../source.ts';

/** What the files of the project say of its tools. Reads are cached for one answer. */
export interface Project {
  /** Folders from that of `path` up to its workspace folder; none for a document outside of all. */
  foldersAbove(path: string): readonly string[];
  /** The text as the user has it: of the open document, else on disk. */
  text(folder: string, name: string): Promise<string | undefined>;
  has(folder: string, name: string): Promise<boolean>;
}

export function projectOf(context: TabContext): Project {
  const { snapshot, files } = context;
  const texts = new Map<string, Promise<string | undefined>>();
  const read = (path: string): Promise<string | undefined> => {
    const open = snapshot.documents.get(path)?.content;
    const known = open === undefined ? (texts.get(path) ?? files.read(path)) : Promise.resolve(open);
    texts.set(path, known);
    return known;
  };
  return {
    foldersAbove: (path) => foldersAbove(path, snapshot.folders),
    text: (folder, name) => read(joined(folder, name)),
    async has(folder, name) {
      const path = joined(folder, name);
      if (snapshot.documents.has(path)) return true;
      return files.has ? files.has(path) : (await read(path)) !== undefined;
    },
  };
}

/** Without folders (the command line on texts alone), relative paths belong to one project. */
function foldersAbove(path: string, folders: readonly string[]): readonly string[] {
  const above: string[] = [];
  const within = folders.filter((folder) => isBelow(path, folder)).sort((a, b) => b.length - a.length)[0];
  if (within === undefined && (folders.length > 0 || isAbsolute(path))) return [];
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    above.push(folder);
    if (folder === (within ?? '') || folder === '' || above.length > 30) return above;
  }
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder) && /^[\\/]/.test(path.slice(folder.replace(/[\\/]$/, '').length));
}

function isAbsolute(path: string): boolean {
  return /^(?:[\\/]|[A-Za-z]:[\\/])/.test(path);
}

const separatorOf = (path: string) => (path.includes('\\') && !path.includes('/') ? '\\' : '/');

export function joined(folder: string, name: string): string {
  if (folder === '') return name;
  return folder.endsWith('/') || folder.endsWith('\\') ? folder + name : `${folder}${separatorOf(folder)}${name}`;
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'), path.lastIndexOf('\\')));
}

export function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** `path` as seen from `folder`, with `/`. */
export function relativeTo(folder: string, path: string): string {
  const below = folder === '' ? path : path.slice(folder.length).replace(/^[\\/]/, '');
  return below.replaceAll('\\', '/');
}
