import type { TabContext } from '../source.ts';
import { commandLine, isPlainName, type Stop } from './command.ts';
import { looksFinished, type Run } from './edits.ts';
import { nodePackageOf } from './node-package.ts';
import { nameOf, type Project, relativeTo } from './project.ts';

const SCORE = 0.45;

/** What is generated from a file, by its name, and the generators known by the words a script has for them. */
const GENERATORS: readonly { readonly file: RegExp; readonly script: RegExp }[] = [
  { file: /\.prisma$/, script: /\bprisma\s+(?:generate|migrate\s+dev|db\s+push)\b/ },
  { file: /\.proto$/, script: /\b(?:protoc|buf\s+generate|pbjs|proto-loader-gen-types|grpc_tools)\b/ },
  {
    file: /\.(?:graphqls?|gql)$|(?:^|[\\/])codegen\.(?:ts|ya?ml)$/,
    script: /\b(?:graphql-codegen|gql-gen|relay-compiler|gqlgen)\b/,
  },
  {
    file: /(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$/i,
    script:
      /\b(?:openapi-typescript|openapi-generator(?:-cli)?|openapi-ts|orval|swagger-codegen|swagger-typescript-api|oapi-codegen)\b/,
  },
];

/** The input of generated code was changed: the project's own script for it, if there is exactly one that can be meant. */
export async function generatedSource(context: TabContext, project: Project, run: Run): Promise<Stop | undefined> {
  const generator = GENERATORS.find(({ file }) => file.test(run.path));
  if (!generator || run.before === run.now || !looksFinished(context, run, 'list')) return undefined;
  const script =
    (await nodeScript(project, run.path, generator.script)) ?? (await makeTarget(project, run.path, generator.script));
  const text = script && commandLine(script.words, [script.name]);
  if (!text) return undefined;
  return {
    kind: 'generate',
    path: run.path,
    score: SCORE,
    command: {
      text,
      cwd: script.folder,
      reason: `${nameOf(run.path)} was changed; "${script.name}" generates from it`,
      change: `${run.path} ${run.id}`,
    },
  };
}

interface Script {
  readonly folder: string;
  readonly words: readonly string[];
  readonly name: string;
}

async function nodeScript(project: Project, path: string, pattern: RegExp): Promise<Script | undefined> {
  const own = await nodePackageOf(project, path);
  if (!own?.manager) return undefined;
  const scripts = [...own.manifest.scripts].filter(([, text]) => pattern.test(text));
  const name = onlyOne(scripts, relativeTo(own.folder, path));
  return name === undefined ? undefined : { folder: own.folder, words: [own.manager, 'run'], name };
}

async function makeTarget(project: Project, path: string, pattern: RegExp): Promise<Script | undefined> {
  for (const folder of project.foldersAbove(path)) {
    const text = await project.text(folder, 'Makefile');
    if (text === undefined) continue;
    const targets = [...text.matchAll(/^([A-Za-z0-9][\w.-]*)\s*:(?!=)[^\n]*\n((?:\t[^\n]*\n?)+)/gm)]
      .map((match): [string, string] => [match[1]!, match[2]!])
      .filter(([name, recipe]) => isPlainName(name) && pattern.test(recipe));
    const name = onlyOne(targets, relativeTo(folder, path));
    return name === undefined ? undefined : { folder, words: ['make'], name };
  }
  return undefined;
}

/** The one that fits; of several, the one whose text names the file, else the only one that does nothing but generate. */
function onlyOne(scripts: readonly (readonly [name: string, text: string])[], file: string): string | undefined {
  if (scripts.length <= 1) return scripts[0]?.[0];
  const naming = scripts.filter(([, text]) => text.includes(file));
  if (naming.length === 1) return naming[0]![0];
  const alone = scripts.filter(([, text]) => !/[;&|]/.test(text));
  return alone.length === 1 ? alone[0]![0] : undefined;
}
