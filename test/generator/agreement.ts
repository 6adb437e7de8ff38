import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Builder } from '../builders/builder';
import { buildCase, type CaseResult } from '../differential/build-case';
import { compareResults } from '../differential/compare-results';
import { unexplained } from '../differential/intended';
import type { Difference } from '../image/compare-facts';
import { dockerfileOf, type GeneratedBuild } from './generated-build';
import { writeBuild } from './write-build';

/** What two builders made of a generated build. */
export interface Agreement {
  readonly expected: CaseResult;
  readonly actual: CaseResult;
  /** None: they agree. */
  readonly differences: readonly Difference[];
}

/** The intended differences that any generated build may meet; those that refuse more than the reference are not among them. */
const intended: readonly string[] = ['dangling-link-kept', 'unneeded-from-unread', 'large-owner-kept', 'mount-points-removed', 'hard-links-across-layers', 'touched-directory'];

/** What the reference makes of a build that has less in it. */
type AskReference = (smaller: GeneratedBuild) => Promise<CaseResult | undefined>;

/** Lets the reference and another builder build the same thing below a folder, and compares. */
export async function agreementOn(build: GeneratedBuild, [reference, other]: readonly [Builder, Builder], folder: string): Promise<Agreement> {
  const [expected, actual] = await buildWith(build, [reference, other], folder);
  if (expected === undefined || actual === undefined) throw new TypeError('every builder gives a result');
  return compared(build, { expected, actual }, async (smaller) => (await buildWith(smaller, [reference], folder))[0]);
}

/** Compares what both made of a build. */
export async function compared(build: GeneratedBuild, { expected, actual }: Pick<Agreement, 'expected' | 'actual'>, ask: AskReference): Promise<Agreement> {
  const lines = lineDifferences(expected, actual, dockerfileOf(build).split('\n'));
  const counted = lines.length > 0 && (await isMistakeToo(build, expected, actual, ask)) ? [] : lines;
  return { expected, actual, differences: [...unexplained(compareResults(expected, actual), intended), ...counted] };
}

/** Builds it below a folder by one builder after the other. */
export async function buildWith(build: GeneratedBuild, builders: readonly Builder[], folder: string): Promise<readonly CaseResult[]> {
  const own = mkdtempSync(join(folder, 'build-'));
  try {
    const prepared = writeBuild(build, own, `${basename(own)}-context`);
    const results: CaseResult[] = [];
    for (const builder of builders) results.push(await buildCase(builder, { name: basename(own), folder: own, options: build }, prepared, own));
    return results;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/**
 * With several mistakes in a file, builders may begin with different ones. Whether the line that is named is one can be asked: without the
 * piece that the reference complains of, it must complain of that line.
 */
async function isMistakeToo(build: GeneratedBuild, expected: CaseResult, actual: CaseResult, ask: AskReference): Promise<boolean> {
  if (expected.kind !== 'refused' || actual.kind !== 'refused' || expected.line === null || actual.line === null) return false;
  const lengths = build.pieces.map((piece) => piece.split('\n').length);
  const starts = lengths.map((_length, index) => 1 + lengths.slice(0, index).reduce((sum, length) => sum + length, 0));
  const wrong = starts.findLastIndex((start) => start <= (expected.line ?? 0));
  const again = await ask({ ...build, pieces: build.pieces.filter((_piece, index) => index !== wrong) });
  const line = actual.line > expected.line ? actual.line - (lengths[wrong] ?? 0) : actual.line;
  return again?.kind === 'refused' && again.line !== null && Math.abs(again.line - line) <= 1;
}

function lineDifferences(expected: CaseResult, actual: CaseResult, lines: readonly string[]): readonly Difference[] {
  if (expected.kind !== 'refused' || actual.kind !== 'refused' || expected.line === null) return [];
  if (isWithin(actual.line, expected.line, lines)) return [];
  // The reference names any of the instructions that make a circle.
  if ([expected, actual].every(({ output }) => output.includes('circular dependency'))) return [];
  return [{ where: 'line', expected: `${expected.line}: ${complaint(expected)}`, actual: `${actual.line}: ${complaint(actual)}` }];
}

/** The same instruction: the reference names its first line, strake the one with the mistake. */
function isWithin(line: number | null, first: number, lines: readonly string[]): boolean {
  if (line === null || line < first) return false;
  return lines.slice(first - 1, line - 1).every((text) => /[\\`]\s*$|^\s*(?:#|$)/.test(text));
}

/** A name for the kind of difference, so that many builds that fail alike are shown once. */
export function signatureOf({ expected, actual, differences }: Agreement): string {
  const places = differences.map(({ where }) => where.replace(/^tree:.*?(?:\.(?=[a-z0-9]+$)|$)/, 'tree:').replace(/\d+/g, 'N'));
  const words = [expected, actual].map((result) => (result.kind === 'refused' ? complaint(result).replace(/"[^"]*"|'[^']*'|\d+|\/\S*/g, '…').slice(0, 60) : ''));
  const [first = ''] = places;
  return first === 'result' || first === 'line' ? [first, ...words].join(' | ') : first;
}

/** The one line that says why. */
function complaint(result: CaseResult): string {
  if (result.kind === 'built') return '';
  const lines = result.output.trim().split('\n');
  return (lines.findLast((line) => line.startsWith('ERROR: ')) ?? lines.find((line) => /Dockerfile(?::\d+)+: |^error/.test(line)) ?? lines[0] ?? '').replace(/^.*?Dockerfile(?::\d+)+: /, '').replace(/^ERROR: failed to build: failed to solve: /, '');
}
