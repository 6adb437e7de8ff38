/** Messages of the SSH agent's protocol that matter here (draft-ietf-sshm-ssh-agent, section 6.1). */
export const MESSAGE = { FAILURE: 5, REQUEST_IDENTITIES: 11, IDENTITIES_ANSWER: 12, SIGN_REQUEST: 13, SIGN_RESPONSE: 14 } as const;

/** What an agent may be asked by a build: it shows keys and signs, and nobody adds, removes or locks any. */
export const ALLOWED: ReadonlySet<number> = new Set([MESSAGE.REQUEST_IDENTITIES, MESSAGE.SIGN_REQUEST]);

/** Longer messages end a connection, as OpenSSH's agent has it. Bytes. */
const LONGEST = 256 * 1024;

/** Cuts a stream into messages, without their lengths. */
export class MessageReader {
  private rest = Buffer.alloc(0);

  /** The messages that are complete with this piece. Throws for one that is too long. */
  add(data: Buffer): readonly Buffer[] {
    this.rest = Buffer.concat([this.rest, data]);
    const messages: Buffer[] = [];
    while (this.rest.length >= 4) {
      const length = this.rest.readUInt32BE(0);
      if (length > LONGEST || length === 0) throw new RangeError('a message of the agent has an impossible length');
      if (this.rest.length < 4 + length) break;
      messages.push(this.rest.subarray(4, 4 + length));
      this.rest = this.rest.subarray(4 + length);
    }
    return messages;
  }
}

/** A message with its length before it. */
export function frame(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(body.length), body]);
}

/** A string of the protocol: its length, its bytes. */
export function text(bytes: Buffer | string): Buffer {
  const body = Buffer.from(bytes);
  return Buffer.concat([uint32(body.length), body]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Reads strings and numbers of a message in order. Throws a RangeError at its end. */
export class FieldReader {
  private at: number;

  constructor(private readonly message: Buffer, from: number) {
    this.at = from;
  }

  number(): number {
    const value = this.message.readUInt32BE(this.at);
    this.at += 4;
    return value;
  }

  bytes(): Buffer {
    const length = this.number();
    if (this.at + length > this.message.length) throw new RangeError('a message of the agent ends early');
    const value = this.message.subarray(this.at, this.at + length);
    this.at += length;
    return value;
  }
}
