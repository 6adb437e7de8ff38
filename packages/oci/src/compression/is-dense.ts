const SAMPLE_BYTES = 8 << 10;
/** Where samples are taken, as parts of the way from the first to the last. */
const PLACES = [0, 1 / 3, 2 / 3, 1] as const;
/** What is foreseen for noise is a little less than it was: so few bytes are never spread evenly. */
const NO_GAIN = 0.98;
/** What naming earlier bytes again costs, in bytes. */
const REFERENCE_BYTES = 3;
const SHORTEST_MATCH = 4;
const HASH_BITS = 12;

/** Whether deflating a block would only cost time: samples of it would get no shorter. Media and archives are so. */
export function isDense(block: Buffer): boolean {
  if (block.length < PLACES.length * SAMPLE_BYTES) return false;
  return PLACES.every((place) => {
    const start = Math.floor((block.length - SAMPLE_BYTES) * place);
    return foreseen(block.subarray(start, start + SAMPLE_BYTES)) >= SAMPLE_BYTES * NO_GAIN;
  });
}

/**
 * About how many bytes deflate would need: what repeats is named again, the rest takes what its bytes' frequencies ask for (Shannon). A
 * hundredth of what trying it takes.
 */
function foreseen(sample: Buffer): number {
  const { literals, references } = repeats(sample);
  return (literals * bitsPerByte(sample)) / 8 + references * REFERENCE_BYTES;
}

const counts = new Uint32Array(256);

function bitsPerByte(sample: Buffer): number {
  counts.fill(0);
  for (let at = 0; at < sample.length; at += 1) counts[sample[at] as number] = (counts[sample[at] as number] as number) + 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= count * Math.log2(count / sample.length);
  return bits / sample.length;
}

/** Where each of some sequences was seen last; one is added, so that 0 is nowhere. */
const seen = new Uint16Array(1 << HASH_BITS);

/** Takes each match that is met, as fast compressors do. */
function repeats(sample: Buffer): { readonly literals: number; readonly references: number } {
  seen.fill(0);
  let [literals, references, at] = [0, 0, 0];
  while (at + SHORTEST_MATCH <= sample.length) {
    const sequence = sample.readUInt32LE(at);
    const slot = Math.imul(sequence, 0x9e3779b1) >>> (32 - HASH_BITS);
    const before = (seen[slot] as number) - 1;
    seen[slot] = at + 1;
    const length = before >= 0 && sample.readUInt32LE(before) === sequence ? matchLength(sample, before, at) : 0;
    if (length > 0) references += 1;
    else literals += 1;
    at += Math.max(1, length);
  }
  return { literals: literals + sample.length - at, references };
}

function matchLength(sample: Buffer, before: number, at: number): number {
  let length = SHORTEST_MATCH;
  while (at + length < sample.length && sample[before + length] === sample[at + length]) length += 1;
  return length;
}
