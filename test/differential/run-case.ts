import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Builder } from '../builders/builder';
import { buildCase, type CaseResult } from './build-case';
import { type DifferentialCase, prepareCase } from './cases';

/** Prepares a case below a folder, lets builders build it one after the other, and removes it. Results in the builders' order. */
export async function runCase(definition: DifferentialCase, builders: readonly Builder[], folder: string): Promise<readonly CaseResult[]> {
  const own = join(folder, definition.name);
  mkdirSync(own);
  try {
    const prepared = await prepareCase(definition, own);
    const results: CaseResult[] = [];
    for (const builder of builders) results.push(await buildCase(builder, definition, prepared, own));
    return results;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
