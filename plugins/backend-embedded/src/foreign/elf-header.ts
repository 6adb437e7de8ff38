/** What the header of a program of an architecture says (elf(5)). */
interface Machine {
  readonly bits: 32 | 64;
  readonly bigEndian?: true;
  /** e_machine */
  readonly number: number;
}

/** By Go's names. */
const MACHINES: Readonly<Record<string, Machine>> = {
  '386': { bits: 32, number: 3 },
  amd64: { bits: 64, number: 62 },
  arm: { bits: 32, number: 40 },
  arm64: { bits: 64, number: 183 },
  loong64: { bits: 64, number: 258 },
  mips64: { bits: 64, bigEndian: true, number: 8 },
  mips64le: { bits: 64, number: 8 },
  ppc64le: { bits: 64, number: 21 },
  riscv64: { bits: 64, number: 243 },
  s390x: { bits: 64, bigEndian: true, number: 22 },
};

/** The first 20 bytes of a program of an architecture; undefined for one that is not known. */
export function elfHeader(architecture: string): Buffer | undefined {
  const machine = MACHINES[architecture];
  if (machine === undefined) return undefined;
  const header = Buffer.alloc(20);
  header.write('\x7fELF', 'latin1');
  header[4] = machine.bits === 64 ? 2 : 1;
  header[5] = machine.bigEndian ? 2 : 1;
  header[6] = 1;
  const write = (value: number, at: number): number => (machine.bigEndian ? header.writeUInt16BE(value, at) : header.writeUInt16LE(value, at));
  // ET_EXEC
  write(2, 16);
  write(machine.number, 18);
  return header;
}
