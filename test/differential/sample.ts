import { createHash } from 'node:crypto';

/** Decides what is sampled: `STRAKE_TEST_SEED`, else the day, so that in the course of time everything has its turn. */
export const sampleSeed = process.env['STRAKE_TEST_SEED'] ?? new Date().toISOString().slice(0, 10);

/** Whether a name is among the one in so many that this seed chooses. */
export function isSampled(name: string, oneIn: number, seed: string = sampleSeed): boolean {
  return createHash('sha256').update(`${seed}\0${name}`).digest().readUInt32BE() % oneIn === 0;
}
