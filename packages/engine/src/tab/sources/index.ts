import type { Source } from '../source.ts';
import { analogy } from './analogy.ts';
import { continueSource } from './continue.ts';
import { definition } from './definition.ts';
import { propagate } from './propagate.ts';
import { rename } from './rename.ts';
import { repair } from './repair.ts';
import { terminal } from './terminal.ts';

/** Every source of predictions that needs nothing but its context; a new one is a file of its own and a line here. */
export const allSources: readonly Source[] = [rename, repair, propagate, analogy, continueSource, terminal, definition];
