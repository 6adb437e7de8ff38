import { deflateRawSync } from 'node:zlib';

const SAMPLE_BYTES = 8 << 10;
/** Room for one sample and no more: the compressor's own memory is most of what a sample costs. */
const SAMPLED = { level: 1, windowBits: 13, memLevel: 8 } as const;
/** What deflate makes of noise is a little larger than it was. */
const NO_GAIN = 0.99;
/** Where samples are taken, as parts of the way from the first to the last. */
const PLACES = [0, 1 / 3, 2 / 3, 1] as const;
/** What follows a dense block is most often dense too, and fewer looks are enough to see that; the end tells whether it goes on. */
const PLACES_AFTER_DENSE = [1 / 2, 1] as const;

/** Whether deflating a block would only cost time: samples of it get no shorter. Media and archives are so. `afterDense`: the block before was. */
export function isDense(block: Buffer, afterDense: boolean): boolean {
  if (block.length < PLACES.length * SAMPLE_BYTES) return false;
  return (afterDense ? PLACES_AFTER_DENSE : PLACES).every((place) => {
    const start = Math.floor((block.length - SAMPLE_BYTES) * place);
    return deflateRawSync(block.subarray(start, start + SAMPLE_BYTES), SAMPLED).length >= SAMPLE_BYTES * NO_GAIN;
  });
}
