import { readFileSync } from 'node:fs';
import { OperatorError } from '@strake/api';
import type * as Sshpk from 'sshpk';
import type { PrivateKey } from 'sshpk';
import { FieldReader, frame, MESSAGE, text, uint32 } from './messages';

/** A key that an agent holds. */
interface HeldKey {
  readonly blob: Buffer;
  readonly comment: string;
  readonly key: PrivateKey;
}

const SIGNATURE_FLAGS = { sha256: 2, sha512: 4 } as const;

/** Answers an agent's messages with keys that were read from files. */
export class KeyAgent {
  private readonly keys: readonly HeldKey[];

  /** Throws USAGE for a file that is no private key, or one with a passphrase. */
  constructor(files: readonly string[]) {
    this.keys = files.map(readKey);
  }

  /** The answer to a message, with its length. */
  answer(message: Buffer): Buffer {
    try {
      if (message[0] === MESSAGE.REQUEST_IDENTITIES) return this.identities();
      if (message[0] === MESSAGE.SIGN_REQUEST) return this.sign(message);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    return frame(Buffer.from([MESSAGE.FAILURE]));
  }

  private identities(): Buffer {
    return frame(Buffer.from([MESSAGE.IDENTITIES_ANSWER]), uint32(this.keys.length), ...this.keys.flatMap(({ blob, comment }) => [text(blob), text(comment)]));
  }

  private sign(message: Buffer): Buffer {
    const fields = new FieldReader(message, 1);
    const [blob, data, flags] = [fields.bytes(), fields.bytes(), fields.number()];
    const held = this.keys.find((key) => key.blob.equals(blob));
    if (held === undefined) return frame(Buffer.from([MESSAGE.FAILURE]));
    const signer = held.key.createSign(algorithmOf(held.key, flags));
    signer.update(data);
    return frame(Buffer.from([MESSAGE.SIGN_RESPONSE]), text(signer.sign().toBuffer('ssh')));
  }
}

function algorithmOf(key: PrivateKey, flags: number): 'sha1' | 'sha256' | 'sha384' | 'sha512' {
  if (key.type !== 'rsa') return key.defaultHashAlgorithm();
  if ((flags & SIGNATURE_FLAGS.sha512) !== 0) return 'sha512';
  return (flags & SIGNATURE_FLAGS.sha256) !== 0 ? 'sha256' : 'sha1';
}

function readKey(file: string): HeldKey {
  const bytes = readFileSync(file);
  try {
    const key = sshpk().parsePrivateKey(bytes, 'auto', { filename: file });
    return { blob: key.toPublic().toBuffer('rfc4253'), comment: key.comment ?? file, key };
  } catch (error) {
    const locked = (error as Error).name === 'KeyEncryptedError';
    throw new OperatorError('USAGE', `${file} is no private key that can be used${locked ? ': it has a passphrase' : ''}`, {
      hint: locked ? 'add it to an agent, and give the agent: --ssh default' : 'give a private key, or the socket of an agent',
      // The library's message may quote the file.
    });
  }
}

/** Only builds with keys need it. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const sshpk = (): typeof Sshpk => require('sshpk') as typeof Sshpk;
