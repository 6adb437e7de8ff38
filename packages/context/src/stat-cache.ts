import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EntryFacts } from './entry-facts';
import type { EntryStats } from './entry-stats';
import { encodeRecords, StatRecords, type StatRecord } from './stat-records';

/** A thing touched this short before it was read may change again without its times changing: it is read again. */
const RACY = 2000;

/**
 * What was read before, so that nothing whose stat has not changed is read again. One file on disk; a damaged or foreign
 * one counts as empty.
 */
export class StatCache {
  private readonly file: string | undefined;
  private readonly known: StatRecords;
  private readonly fresh: StatRecord[] = [];
  private changed = false;

  /** Without a path nothing is kept. */
  constructor(file?: string) {
    this.file = file;
    this.known = new StatRecords(file);
  }

  /** The facts of an entry: remembered, or made by `read`. `stats` were taken before. */
  facts(path: string, stats: EntryStats, read: () => EntryFacts): EntryFacts {
    const record = this.known.take(path);
    if (record !== undefined && isSame(record, stats)) {
      this.fresh.push(record);
      return record;
    }
    const before = Date.now();
    const facts = read();
    // What is no file is not known by a digest.
    if (Math.max(stats.mtimeMs, stats.ctimeMs) + RACY < before && /^(?:[0-9a-f]{64})?$/.test(facts.content)) {
      const { size, mode, ino, mtimeMs, ctimeMs } = stats;
      this.fresh.push({ path, size, mode, ino, mtimeMs, ctimeMs, ...facts });
      this.changed = true;
    }
    return facts;
  }

  /** Writes what was learnt, atomically; what was known stays but for paths that are gone. Failing to write is no error: it is a cache. */
  save(isGone: (path: string) => boolean): void {
    if (this.file === undefined || !this.changed) return;
    const temporary = `${this.file}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(this.file), { recursive: true });
      const rest = this.known.rest().filter(({ path }) => !isGone(path));
      writeFileSync(temporary, encodeRecords([...this.fresh, ...rest]));
      renameSync(temporary, this.file);
      this.changed = false;
    } catch {
      rmSync(temporary, { force: true });
    }
  }
}

/** A changed content changes at least one of these, or was made in the same tick. */
function isSame(record: StatRecord, stats: EntryStats): boolean {
  return (
    record.size === stats.size &&
    record.mtimeMs === stats.mtimeMs &&
    record.ctimeMs === stats.ctimeMs &&
    record.ino === stats.ino &&
    record.mode === stats.mode
  );
}
