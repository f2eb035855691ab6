/** The launcher as a program: `node start.ts [FOLDER] [options]`. */
import { main } from './main.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone (`tabstop --help | head -1`): no reason to complain.
  if (error.code !== 'EPIPE') throw error;
});
const code = await main(process.argv.slice(2));
if (code !== undefined) process.exitCode = code;
