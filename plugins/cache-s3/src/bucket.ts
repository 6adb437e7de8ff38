import { OperatorError } from '@strake/api';
import type { S3Client } from '@aws-sdk/client-s3';
import type * as aws from './aws';
import { explainError } from './explain-error';
import { RequestHandler, type IsPassing, type Sender } from './request-handler';
import type { S3Settings } from './settings';
import { touchObject } from './touch-object';
import { uploadObject } from './upload-object';

/** AWS's libraries, as far as they are used. */
export type Aws = typeof aws;

/** What is used of @strake/registry. */
interface Http {
  readonly Transport: new (config: object, env: NodeJS.ProcessEnv) => ClosableSender;
  readonly isPassing: IsPassing;
  readonly reallyWait: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

interface ClosableSender extends Sender {
  close(): Promise<void>;
}


/** An object's head. */
export interface ObjectHead {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

interface Parts {
  readonly aws: Aws;
  readonly http: Http;
  readonly client: S3Client;
  readonly transport: ClosableSender;
}

/** Tries without a byte between them, for a body that breaks. */
const ATTEMPTS = 4;

/** A bucket. Nothing is loaded or asked before the first call. All throw CACHE_DENIED, CACHE_FAILED, CACHE_UNREACHABLE, CANCELLED. */
export class Bucket {
  readonly #settings: S3Settings;
  readonly #env: NodeJS.ProcessEnv;
  /** What must not be in a message. */
  readonly #secrets = new Set<string>();
  #parts: Promise<Parts> | undefined;

  constructor(settings: S3Settings, env: NodeJS.ProcessEnv) {
    this.#settings = settings;
    this.#env = env;
  }

  /** What an object is; undefined when there is none, or when it cannot be told: without `s3:ListBucket` a bucket denies both. */
  async head(key: string, signal: AbortSignal): Promise<ObjectHead | undefined> {
    return this.#explained(`look for ${key}`, signal, async ({ aws, client }) => {
      try {
        const { ContentLength = -1, LastModified } = await client.send(new aws.HeadObjectCommand({ Bucket: this.#settings.bucket, Key: key }), { abortSignal: signal });
        return { size: ContentLength, modified: LastModified?.getTime() ?? 0 };
      } catch (error) {
        if (isUntold(error, this.#settings.region)) return undefined;
        throw error;
      }
    });
  }

  /** A small object as a whole; undefined when there is none. */
  async small(key: string, limit: number, signal: AbortSignal): Promise<Buffer | undefined> {
    return this.#explained(`read ${key}`, signal, async (parts) => {
      const chunks: Buffer[] = [];
      let size = 0;
      try {
        for await (const chunk of this.#pieces(parts, key, signal)) {
          size += chunk.length;
          if (size > limit) throw new OperatorError('IMAGE_INVALID', `${key} in the bucket ${this.#settings.bucket} has more than the ${limit} bytes that are read`);
          chunks.push(chunk);
        }
      } catch (error) {
        if ((error as { name?: string }).name === 'NoSuchKey') return undefined;
        throw error;
      }
      return Buffer.concat(chunks);
    });
  }

  /** An object's bytes. A body that breaks goes on where it broke. */
  async *read(key: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      yield* this.#pieces(await this.#open(), key, signal);
    } catch (error) {
      throw this.#explain(error, `read ${key}`, signal);
    }
  }

  /** Writes an object, in the place of one that is there, when all of it has come; in parts where it is large. */
  async write(key: string, { content, size, type }: { readonly content: AsyncIterable<Buffer>; readonly size: number; readonly type: string }, signal: AbortSignal): Promise<void> {
    await this.#explained(`write ${key}`, signal, ({ aws, client }) => uploadObject({ aws, client, bucket: this.#settings.bucket, key, content, size, type, signal }));
  }

  /** Makes an object as young as if it were written now, for rules that remove old ones. */
  async touch(key: string, size: number, signal: AbortSignal): Promise<void> {
    await this.#explained(`touch ${key}`, signal, ({ aws, client }) => touchObject({ aws, client, bucket: this.#settings.bucket, key, size, signal }));
  }

  async close(): Promise<void> {
    const parts = await this.#parts?.catch(() => undefined);
    this.#parts = undefined;
    parts?.client.destroy();
    await parts?.transport.close();
  }

  async *#pieces({ aws, http, client }: Parts, key: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    let at = 0;
    for (let failures = 0; ; ) {
      try {
        const range = at === 0 ? {} : { Range: `bytes=${at}-` };
        const { Body, ContentRange } = await client.send(new aws.GetObjectCommand({ Bucket: this.#settings.bucket, Key: key, ...range }), { abortSignal: signal });
        if (at > 0 && ContentRange?.startsWith(`bytes ${at}-`) !== true) throw new OperatorError('CACHE_FAILED', `the bucket ${this.#settings.bucket} does not go on where a transfer of ${key} broke`);
        for await (const chunk of Body as unknown as AsyncIterable<Buffer>) {
          at += chunk.length;
          failures = 0;
          yield chunk;
        }
        return;
      } catch (error) {
        failures += 1;
        if (signal.aborted || failures >= ATTEMPTS || !http.isPassing(error)) throw error;
        await http.reallyWait(200 * 2 ** failures, signal);
      }
    }
  }

  async #explained<T>(what: string, signal: AbortSignal, work: (parts: Parts) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      throw this.#explain(error, what, signal);
    }
  }

  #explain(error: unknown, what: string, signal: AbortSignal): unknown {
    return explainError(error, { settings: this.#settings, what, signal, clean: (text) => this.#clean(text) });
  }

  #clean(text: string): string {
    const without = [...this.#secrets].reduce((left, secret) => left.replaceAll(secret, '…'), text);
    return without.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').trim().slice(0, 300);
  }

  #open(): Promise<Parts> {
    return (this.#parts ??= this.#make());
  }

  async #make(): Promise<Parts> {
    const http: Http = await import('@strake/registry');
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() of a file needs an ending that CommonJS sources do not have
    const aws = require('./aws') as Aws;
    const { region, endpoint, pathStyle, credentials: given, attempts, retryMode } = this.#settings;
    const transport = new http.Transport({}, this.#env);
    const requestHandler = new RequestHandler(transport, http.isPassing);
    const found = given === undefined ? foundCredentials(aws, this.#env, { region, requestHandler }) : async () => given;
    const credentials = async (): Promise<Awaited<ReturnType<typeof found>>> => {
      const one = await found();
      for (const secret of [one.secretAccessKey, one.sessionToken]) if (secret) this.#secrets.add(secret);
      return one;
    };
    const client = new aws.S3Client({
      region, credentials, requestHandler, forcePathStyle: pathStyle, maxAttempts: attempts, retryMode, expectContinueHeader: false,
      // Others than AWS know none of its newer checksums; digests are verified anyway.
      requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED', ...(endpoint === undefined ? {} : { endpoint }),
    });
    return { aws, http, client, transport };
  }
}

/** Whether a HEAD only says no: it has no document that says why. Whoever writes then is told. */
function isUntold(error: unknown, region: string): boolean {
  const { $metadata, $response } = error as { readonly $metadata?: { readonly httpStatusCode?: number }; readonly $response?: { readonly headers?: Readonly<Record<string, string>> } };
  const elsewhere = ($response?.headers?.['x-amz-bucket-region'] ?? region) !== region;
  return !elsewhere && [400, 403, 404].includes($metadata?.httpStatusCode ?? 0);
}

/** As the AWS tools look for them: profile, web identity, single sign-on, a process, the container's or the machine's role. */
function foundCredentials(aws: Aws, env: NodeJS.ProcessEnv, clientConfig: { readonly region: string; readonly requestHandler: RequestHandler }): ReturnType<Aws['defaultProvider']> {
  const files = { profile: env['AWS_PROFILE'], filepath: env['AWS_SHARED_CREDENTIALS_FILE'], configFilepath: env['AWS_CONFIG_FILE'] };
  const told = Object.fromEntries(Object.entries(files).filter(([, value]) => value));
  return aws.defaultProvider({ ...told, clientConfig });
}
