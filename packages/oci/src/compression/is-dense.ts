import { deflateRawSync } from 'node:zlib';

const SAMPLES = 4;
const SAMPLE_BYTES = 8 << 10;
/** What deflate makes of noise is a little larger than it was. */
const NO_GAIN = 0.99;

/** Whether deflating a block would only cost time: samples of it, from its start on at equal distances, get no shorter. Media and archives are so. */
export function isDense(block: Buffer): boolean {
  if (block.length < SAMPLES * SAMPLE_BYTES) return false;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const start = Math.floor((block.length / SAMPLES) * sample);
    if (deflateRawSync(block.subarray(start, start + SAMPLE_BYTES), { level: 1, memLevel: 9 }).length < SAMPLE_BYTES * NO_GAIN) return false;
  }
  return true;
}
