import type { BaseImage } from '../bases/bases';
import type { Builder } from '../builders/builder';
import { recordedBuilder, startBuilder } from '../builders/reference-builder';
import { startStrake } from '../builders/strake';
import { startStrakeLibrary } from '../builders/strake-library';
import type { CaseResult } from './build-case';
import type { DifferentialCase } from './cases';
import { compareResults } from './compare-results';
import { type Recordable, RecordedResults } from './recorded-results';
import { runCase } from './run-case';
import { isSampled, sampleSeed } from './sample';

/** What the reference and strake made of one case. */
export interface BothResults {
  readonly expected: CaseResult;
  readonly actual: CaseResult;
  /** What is recorded of the reference, where it was built for real all the same. */
  readonly recorded?: CaseResult;
}

/** The record of a case that was built for real must say what was built. */
export function checkRecord({ recorded, expected }: Omit<BothResults, 'actual'>): void {
  if (recorded === undefined || recorded === expected) return;
  const differences = compareResults(recorded, expected);
  if (differences.length > 0) throw new Error(`the reference makes something else than is recorded (STRAKE_TEST_SEED=${sampleSeed}): ${JSON.stringify(differences, null, 1)}`);
}

/** Of how many cases one is built by the reference although its result is recorded, and one goes through strake's command line. */
const oneIn = 36;

/**
 * Runs cases by both builders. The reference builds what has no record, a sample of the rest, and everything with
 * `STRAKE_TEST_FRESH`; builders are started when the first case needs them.
 */
export class BothBuilders {
  readonly #referenceName: string;
  readonly #folder: string;
  readonly #bases: readonly BaseImage[];
  readonly #recorded: RecordedResults;
  readonly #started = new Map<string, Promise<Builder>>();

  constructor(referenceName: string, folder: string, bases: readonly BaseImage[]) {
    this.#referenceName = referenceName;
    this.#folder = folder;
    this.#bases = bases;
    this.#recorded = new RecordedResults(bases);
  }

  /** Runs a case of a folder. */
  run(definition: DifferentialCase): Promise<BothResults> {
    return this.runAs(definition.name, definition, (builders) => runCase(definition, builders, this.#folder));
  }

  /** Runs any other case; `build` answers what each builder made of it, in their order. */
  async runAs(name: string, definition: DifferentialCase | Recordable, build: (builders: readonly Builder[]) => Promise<readonly CaseResult[]>): Promise<BothResults> {
    const recorded = this.#find(definition);
    const own = await (process.env['STRAKE_TEST_COMMAND'] !== undefined || isSampled(`command ${name}`, oneIn) ? this.#start('strake', startStrake) : this.#start('library', startStrakeLibrary));
    const builders = recorded === undefined || this.#isFresh(name) ? [await this.#startReference(), own] : [own];
    const results = await build(builders);
    const [expected = recorded, actual] = builders.length === 1 ? [recorded, results[0]] : results;
    if (expected === undefined || actual === undefined) throw new TypeError('every builder gives a result');
    this.#keep(definition, recorded, expected);
    return { expected, actual, ...(recorded === undefined ? {} : { recorded }) };
  }

  /** What the reference alone makes of something: recorded or, under the same conditions, built. */
  async reference(name: string, definition: Recordable, build: (builder: Builder) => Promise<CaseResult>): Promise<Omit<BothResults, 'actual'>> {
    const recorded = this.#find(definition);
    if (recorded !== undefined && !this.#isFresh(name)) return { expected: recorded, recorded };
    const expected = await build(await this.#startReference());
    this.#keep(definition, recorded, expected);
    return { expected, ...(recorded === undefined ? {} : { recorded }) };
  }

  async close(): Promise<void> {
    for (const builder of this.#started.values()) await (await builder).close();
  }

  #find(definition: DifferentialCase | Recordable): CaseResult | undefined {
    return this.#recorded.find(definition, recordedBuilder(this.#referenceName));
  }

  /** With `STRAKE_TEST_RECORD` what had no record has one now. */
  #keep(definition: DifferentialCase | Recordable, recorded: CaseResult | undefined, expected: CaseResult): void {
    if (recorded === undefined && process.env['STRAKE_TEST_RECORD'] !== undefined) this.#recorded.keep(definition, recordedBuilder(this.#referenceName) ?? '', expected);
  }

  #isFresh(name: string): boolean {
    return process.env['STRAKE_TEST_FRESH'] !== undefined || (isSampled(name, oneIn) && this.#referenceName === 'buildkit');
  }

  #startReference(): Promise<Builder> {
    return this.#start('reference', () => startBuilder(this.#referenceName));
  }

  #start(key: string, start: () => Promise<Builder>): Promise<Builder> {
    const running = this.#started.get(key) ?? start().then(async (builder) => {
      await builder.load(this.#bases);
      return builder;
    });
    this.#started.set(key, running);
    return running;
  }
}
