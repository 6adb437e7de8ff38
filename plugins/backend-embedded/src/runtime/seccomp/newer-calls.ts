/**
 * System calls of the profile that libseccomp may be too old to know by name, with the number that they
 * have on every architecture (new calls have shared their numbers since 424).
 */
const NEWER_CALLS = {
  cachestat: 451,
  fchmodat2: 452,
  map_shadow_stack: 453,
  futex_wake: 454,
  futex_wait: 455,
  futex_requeue: 456,
  statmount: 457,
  listmount: 458,
  mseal: 462,
  setxattrat: 463,
  getxattrat: 464,
  listxattrat: 465,
  removexattrat: 466,
} as const;

const FIRST = 451;
const LAST = 466;

/** Numbers from here on belong to the x32 ABI. */
const X32_BIT = 0x40000000;
const LOAD_NUMBER = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER = 0x25;
const JUMP_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const ENOSYS = 0x00050000 | 38;

/**
 * Puts a piece before a filter that allows those calls, and that answers ENOSYS for calls younger than the profile:
 * the C library falls back to an older call on ENOSYS but gives up on EPERM. runc does the same to its filters.
 */
export function allowNewerCalls(filter: Buffer): Buffer {
  const allowed = Object.values(NEWER_CALLS);
  // Distances count from the statement after the jump; the answers and the filter follow the tests.
  const count = allowed.length;
  const head = [
    statement(LOAD_NUMBER, 0),
    statement(JUMP_AT_LEAST, FIRST, 0, count + 5),
    statement(JUMP_AT_LEAST, X32_BIT, count + 4, 0),
    statement(JUMP_GREATER, LAST, count + 1, 0),
    ...allowed.map((number, index) => statement(JUMP_EQUAL, number, count + 1 - index, 0)),
    statement(JUMP_AT_LEAST, 0, 2, 2),
    statement(RETURN, ENOSYS),
    statement(RETURN, ALLOW),
  ];
  return Buffer.concat([...head, filter]);
}

/** A struct sock_filter (linux/filter.h) in the machine's order, which is little-endian wherever Node 20 runs but on s390x. */
function statement(code: number, operand: number, whenTrue = 0, whenFalse = 0): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(whenTrue, 2);
  bytes.writeUInt8(whenFalse, 3);
  bytes.writeUInt32LE(operand, 4);
  return bytes;
}
