import type { Source } from '../source.ts';
import { analogy } from './analogy.ts';
import { continueSource } from './continue.ts';
import { propagate } from './propagate.ts';
import { rename } from './rename.ts';

/** Every source of predictions; a new one is a file of its own and a line here. */
export const allSources: readonly Source[] = [rename, propagate, analogy, continueSource];
