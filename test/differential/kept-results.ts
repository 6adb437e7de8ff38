import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Builder } from '../builders/builder';
import type { CaseResult } from './build-case';
import { caseDigest, type DifferentialCase } from './cases';

const folder = join(tmpdir(), `strake-differential-${process.getuid?.() ?? 0}`);

/** Raised when what is read from an image changes, or the base images do. */
const generation = 2;

/** The result of a reference builder for a case, computed once per content of the case and version of the builder. */
export async function keptResult(builder: Builder, definition: DifferentialCase, compute: () => Promise<CaseResult>): Promise<CaseResult> {
  const key = createHash('sha256').update(JSON.stringify([generation, builder.name, builder.version, caseDigest(definition)])).digest('hex');
  const file = join(folder, `${key}.json`);
  if (existsSync(file) && process.env['STRAKE_TEST_FRESH'] === undefined) return JSON.parse(readFileSync(file, 'utf8')) as CaseResult;
  const result = await compute();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(result));
  renameSync(`${file}.${process.pid}`, file);
  return result;
}
