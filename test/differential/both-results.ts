import type { BaseImage } from '../bases/bases';
import type { Builder } from '../builders/builder';
import { recordedBuilder, startBuilder } from '../builders/reference-builder';
import { startStrake } from '../builders/strake';
import { startStrakeLibrary } from '../builders/strake-library';
import type { CaseResult } from './build-case';
import type { DifferentialCase } from './cases';
import { type Recordable, RecordedResults } from './recorded-results';
import { runCase } from './run-case';
import { isSampled } from './sample';

/** What the reference and strake made of one case. */
export interface BothResults {
  readonly expected: CaseResult;
  readonly actual: CaseResult;
  /** What is recorded of the reference, where it was built for real all the same. */
  readonly recorded?: CaseResult;
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
    const recorded = this.#recorded.find(definition, recordedBuilder(this.#referenceName));
    const own = await (process.env['STRAKE_TEST_COMMAND'] !== undefined || isSampled(`command ${name}`, oneIn) ? this.#start('strake', startStrake) : this.#start('library', startStrakeLibrary));
    const fresh = process.env['STRAKE_TEST_FRESH'] !== undefined || (isSampled(name, oneIn) && this.#referenceName === 'buildkit');
    const builders = recorded === undefined || fresh ? [await this.#start('reference', () => startBuilder(this.#referenceName)), own] : [own];
    const results = await build(builders);
    const [expected = recorded, actual] = builders.length === 1 ? [recorded, results[0]] : results;
    if (expected === undefined || actual === undefined) throw new TypeError('every builder gives a result');
    return { expected, actual, ...(recorded === undefined ? {} : { recorded }) };
  }

  async close(): Promise<void> {
    for (const builder of this.#started.values()) await (await builder).close();
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
