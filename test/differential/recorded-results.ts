import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BaseImage } from '../bases/bases';
import { readFacts } from '../image/image-facts';
import type { CaseResult } from './build-case';
import { caseDigest, type DifferentialCase } from './cases';
import { type BaseFacts, type CompactFacts, compactFacts, expandFacts } from './compact-facts';

/** Raised when something else is read from an image: what was recorded before is no longer compared with. */
const generation = 3;

/** Where the records lie, below a folder per group. */
export const recordFolder = join(__dirname, 'reference');

/** What a real builder once made of a case, and of what exactly. */
interface CaseRecord {
  /** Content of the case, the bases and the generation in one digest. */
  readonly key: string;
  /** The builder that made it, with its version. */
  readonly builder: string;
  readonly result: { readonly kind: 'built'; readonly facts: CompactFacts } | { readonly kind: 'refused'; readonly line: number | null; readonly output: string };
}

/** What a record is of, where it is no folder of cases: the file of the record, and a digest of all that the result hangs on besides the base images. */
export interface Recordable {
  readonly file: string;
  readonly digest: string;
}

/**
 * The results of the reference that are committed beside the cases, so that not every run of the tests has to build everything twice.
 * A record counts only for the same case, byte by byte, on the same base images.
 */
export class RecordedResults {
  readonly #bases: BaseFacts;
  readonly #baseDigest: string;

  constructor(bases: readonly BaseImage[]) {
    this.#bases = Object.fromEntries(bases.map(({ name, archive }) => [name, readFacts(archive)]));
    this.#baseDigest = digestOf(this.#bases);
  }

  /** The recorded result of a case; undefined when there is none, or one of something else. `builder` undefined takes any builder's. */
  find(definition: DifferentialCase | Recordable, builder: string | undefined): CaseResult | undefined {
    const { file } = recordable(definition);
    if (!existsSync(file)) return undefined;
    const record = JSON.parse(readFileSync(file, 'utf8')) as CaseRecord;
    if (record.key !== this.#key(definition) || (builder !== undefined && record.builder !== builder)) return undefined;
    return record.result.kind === 'built' ? { kind: 'built', facts: expandFacts(record.result.facts, this.#bases) } : record.result;
  }

  /** Keeps what a builder made just now. Throws when a refusal does not read like one: a broken daemon is no fact about the language. */
  keep(definition: DifferentialCase | Recordable, builder: string, result: CaseResult): void {
    const kept = result.kind === 'built' ? { kind: result.kind, facts: compactFacts(result.facts, this.#bases) } : { ...result, output: complaint(result.output) };
    const record: CaseRecord = { key: this.#key(definition), builder, result: kept };
    const { file } = recordable(definition);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`);
    renameSync(`${file}.new`, file);
  }

  #key(definition: DifferentialCase | Recordable): string {
    return digestOf([generation, this.#baseDigest, recordable(definition).digest]);
  }
}

function recordable(definition: DifferentialCase | Recordable): Recordable {
  return 'digest' in definition ? definition : { file: recordFile(definition), digest: caseDigest(definition) };
}

/** The file of a case's record. */
export function recordFile({ name, folder }: DifferentialCase): string {
  return join(recordFolder, dirname(folder).endsWith('refused') ? 'refused' : 'cases', `${name}.json`);
}

/** What the builder finally said, without the folders of the machine. */
function complaint(output: string): string {
  const line = output.split('\n').findLast((text) => text.startsWith('ERROR: ')) ?? '';
  if (!/failed to (?:build|solve)|dockerfile parse error|invalid|target stage/.test(line) || /Unavailable|Canceled|DeadlineExceeded|no space left/i.test(line)) {
    throw new Error(`not the refusal of a Dockerfile:\n${output.slice(-2000)}`);
  }
  return line.replaceAll(/\/(?:var|tmp)\/[^\s"':]+/g, '<path>').slice(0, 300);
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
