import { readFileSync } from 'node:fs';
import { compose, type Engine, openSyntax } from '../server/compose.ts';
import { memoryFeedback } from '../tab/feedback.ts';
import { defaultTabSettings } from '../tab/tab.ts';
import { type Document, type DocumentInit, LIMITS } from '../workspace/document.ts';
import { languageOf } from '../workspace/languages.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { Syntax } from '../workspace/syntax.ts';
import { createTypeScriptFacts, spawnTypeScriptWorker, type TypeScriptFacts } from '../workspace/typescript-facts.ts';

/** What stays the same between cases with the same root (or, without one, the same documents): lexicon, facts, parsers. */
export interface Project {
  readonly engine: Engine;
  /** The file's text, if it is one that could be open. */
  readNow(key: string): string | undefined;
  init(key: string, text: string): DocumentInit;
  /** Tells language facts and lexicon what the documents say now, and loads the grammars they need. */
  prepare(snapshot: Snapshot): Promise<void>;
}

export interface Projects {
  open(root: string | undefined, snapshot: Snapshot): Promise<Project>;
  dispose(): Promise<void>;
}

export interface ProjectsOptions {
  /** Milliseconds an answer waits for sources that ask others. */
  readonly budget: number;
  /** Names of sources that are left out. */
  readonly disabledSources?: readonly string[];
  readonly onProblem: (message: string) => void;
}

/**
 * Sources and parsers limit themselves by the clock, so that the editor never waits; what they leave out comes with the next key. A case has no next
 * key: here the clock they see runs slower, so that a cold start or a loaded machine gives the same answers. `ms` is told by the true clock.
 */
const PATIENCE = 4;
const patientClock = () => performance.now() / PATIENCE;

/** Roots kept at once; the least recently used one goes. */
const CAPACITY = 4;

export function openProjects(options: ProjectsOptions): Projects {
  const syntax = openSyntax(patientClock, options.onProblem);
  const language = createTypeScriptFacts({
    spawn: () => spawnTypeScriptWorker(import.meta.url),
    budget: options.budget,
    setTimeout: (callback, delay) => setTimeout(callback, delay),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    onProblem: options.onProblem,
  });
  const shared: Shared = { ...options, syntax, language };
  const byRoot = new Map<string, Project>();
  let rootless: Project | undefined;
  const drop = async (project: Project | undefined) => project?.engine.dispose();

  return {
    async open(root, snapshot) {
      if (root === undefined) {
        await drop(rootless);
        rootless = createProject(undefined, snapshot, shared);
        return rootless;
      }
      const known = byRoot.get(root);
      if (known) {
        byRoot.delete(root);
        byRoot.set(root, known);
        return known;
      }
      const oldest = byRoot.keys().next().value;
      if (byRoot.size >= CAPACITY && oldest !== undefined) {
        await drop(byRoot.get(oldest));
        byRoot.delete(oldest);
      }
      const project = createProject(root, snapshot, shared);
      byRoot.set(root, project);
      return project;
    },
    async dispose() {
      await Promise.all([rootless, ...byRoot.values()].map(drop));
      byRoot.clear();
      syntax.dispose();
      await language.dispose();
      rootless = undefined;
    },
  };
}

/** What all projects have in common. */
interface Shared extends ProjectsOptions {
  readonly syntax: Syntax;
  readonly language: TypeScriptFacts;
}

function createProject(root: string | undefined, first: Snapshot, shared: Shared): Project {
  const { budget, onProblem, syntax, language, disabledSources } = shared;
  let current = first;
  const engine = compose({
    folders: root === undefined ? [] : [root],
    ...(root === undefined ? { documents: first.documents } : {}),
    facts: language.of(() => current.documents),
    feedback: memoryFeedback(),
    now: patientClock,
    syntax,
    wallClock: () => Date.now(),
    budget,
    onProblem,
  });
  if (disabledSources?.length) engine.tab.configure({ ...defaultTabSettings, disabledSources });
  return {
    engine,
    readNow: (key) => (root === undefined ? undefined : readText(key)),
    init: (path, text) => ({ path, languageId: languageOf(path), version: 1, text }),
    async prepare(snapshot) {
      current = snapshot;
      engine.observe(snapshot);
      if ([...snapshot.documents.values()].some(isTypeScript)) await language.warm();
      await engine.ready();
    },
  };
}

function isTypeScript({ languageId }: Document): boolean {
  return /^(type|java)script/.test(languageId);
}

/** Without an answer: missing, a folder, not readable, binary or larger than what is predicted in. */
function readText(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > LIMITS.codeUnits || text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
