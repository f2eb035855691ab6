import { exitCodeOf } from './exit-code.ts';
import { type CliIo, ExitCode, write } from './io.ts';

type Command = (argv: readonly string[], io: CliIo) => Promise<number>;

/** Loaded when asked for, so that no command pays for the others' start. */
const COMMANDS: Readonly<Record<string, { readonly about: string; readonly load: () => Promise<Command> }>> = {
  predict: {
    about: 'predict next edits for cases on standard input',
    load: async () => (await import('./predict.ts')).runPredict,
  },
  tab: { about: 'what became of suggestions: stats, clear', load: async () => (await import('./tab.ts')).runTab },
  apply: { about: "put a model's edit into a file", load: async () => (await import('./apply.ts')).runApply },
  search: {
    about: 'find places in the code by meaning and words',
    load: async () => (await import('./search.ts')).runSearch,
  },
  grep: { about: 'find text in the code, letter by letter', load: async () => (await import('./grep.ts')).runGrep },
  related: {
    about: 'files that usually change together',
    load: async () => (await import('./related.ts')).runRelated,
  },
  index: {
    about: 'the index of a folder: status, sync, explain, skipped, clear',
    load: async () => (await import('./index-command.ts')).runIndex,
  },
  mcp: {
    about: 'serve search to agents (Model Context Protocol)',
    load: async () => (await import('./mcp.ts')).runMcp,
  },
  prompt: { about: 'preview a prompt', load: async () => (await import('./prompt.ts')).runPrompt },
};

const USAGE = `Usage: tabstop COMMAND …

${Object.entries(COMMANDS)
  .map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
  .join('\n')}

tabstop COMMAND --help tells more. tabstop [FOLDER] opens the editor.

Exit codes: 0 done, 1 it could not be done, 2 the command line was wrong, 130 interrupted.
`;

/** Runs one command line; answers its exit code. Never throws. */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--help' || name === '-h' || name === 'help') {
    await write(io.stdout, USAGE);
    return ExitCode.done;
  }
  if (name === '--version') {
    await write(io.stdout, `${(await import('../server/version.ts')).ENGINE_VERSION}\n`);
    return ExitCode.done;
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    await write(
      io.stderr,
      `tabstop: ${name === undefined ? 'a command is missing' : `there is no command "${name}"`}\n\n${USAGE}`,
    );
    return ExitCode.usage;
  }
  return exitCodeOf(name!, io, async () => (await command.load())(rest, io));
}
