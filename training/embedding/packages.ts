import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ecosystem, type Split, SPLITS } from '../../evals/src/tab/packages.ts';

export interface PairPackage {
  readonly split: Split;
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly version: string;
}

export const PACKAGE_LIST = join(import.meta.dirname, '..', 'embedding-packages.txt');

/** @throws when a line is not `split registry name version` */
export function readPackages(list: string = PACKAGE_LIST): PairPackage[] {
  return readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [split, ecosystem, name, version] = line.split(' ');
      if (!SPLITS.includes(split as Split) || !version) throw new Error(`${list}: not a package: ${line}`);
      return { split: split as Split, ecosystem: ecosystem as Ecosystem, name: name!, version };
    });
}
