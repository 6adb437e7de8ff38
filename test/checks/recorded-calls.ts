import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { BaseImage } from '../bases/bases';
import { isSampled, sampleSeed } from '../differential/sample';
import { newestVersion } from '../engines/newest-root';
import { readFacts } from '../image/image-facts';
import { type BuildkitCalls, startBuildkitCalls } from './buildkit-calls';

/** What BuildKit once answered, and to what exactly. */
interface KeptAnswer {
  readonly digest: string;
  readonly answer: unknown;
}

/** Of how many kept answers one is asked for all the same. */
const oneIn = 36;

/**
 * BuildKit's answers, kept in a file beside the tests as the results of the differential test are: one counts only for the same question on the same
 * bases to the same BuildKit. It is asked for what has none, for a sample of the rest, and for everything with `STRAKE_TEST_FRESH`; it is started for
 * the first question. With `STRAKE_TEST_RECORD` new answers are kept.
 */
export class RecordedCalls {
  readonly #file: string;
  readonly #bases: readonly BaseImage[];
  readonly #common: string;
  readonly #kept: Map<string, KeptAnswer>;
  #started: Promise<BuildkitCalls> | undefined;

  constructor(file: string, bases: readonly BaseImage[]) {
    this.#file = file;
    this.#bases = bases;
    this.#common = digestOf([newestVersion(), bases.map(({ archive }) => readFacts(archive).config)]);
    this.#kept = new Map(existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, KeptAnswer>) : []);
  }

  /** The names of all answers that are kept. */
  get names(): readonly string[] {
    return [...this.#kept.keys()];
  }

  /** @param question all that the answer hangs on; plain JSON */
  async answer<T>(name: string, question: unknown, ask: (buildkit: BuildkitCalls) => Promise<T>): Promise<T> {
    const digest = digestOf([this.#common, question]);
    const found = this.#kept.get(name);
    const known = found?.digest === digest ? found : undefined;
    if (known !== undefined && process.env['STRAKE_TEST_FRESH'] === undefined && !isSampled(name, oneIn)) return known.answer as T;
    const answer = await ask(await this.#start());
    if (known === undefined) this.#kept.set(name, { digest, answer });
    // As it would be read from the file.
    else if (!isDeepStrictEqual(known.answer, JSON.parse(JSON.stringify(answer)))) throw new Error(`BuildKit answers something else than is recorded (STRAKE_TEST_SEED=${sampleSeed}): ${JSON.stringify([known.answer, answer])}`);
    return answer;
  }

  /** @param names whose answers stay, where they are kept */
  async close(names: readonly string[]): Promise<void> {
    await (await this.#started)?.close();
    if (process.env['STRAKE_TEST_RECORD'] === undefined) return;
    const lines = names.flatMap((name) => (this.#kept.has(name) ? [`${JSON.stringify(name)}: ${JSON.stringify(this.#kept.get(name))}`] : []));
    writeFileSync(`${this.#file}.new`, `{\n${lines.join(',\n')}\n}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  #start(): Promise<BuildkitCalls> {
    this.#started ??= startBuildkitCalls(this.#bases);
    return this.#started;
  }
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
