import { OperatorError } from '@strake/api';
import type { CacheService, FoundEntry } from './cache-service';
import type { Calls } from './calls';

/** What is downloaded, and by whom. */
export interface Download {
  readonly service: CacheService;
  readonly calls: Calls;
  readonly entry: FoundEntry;
  readonly signal: AbortSignal;
}

/** An entry's bytes. What breaks goes on where it broke; an address that has expired is asked for again, once. */
export async function* download({ service, calls, entry, signal }: Download): AsyncGenerator<Buffer> {
  let { url } = entry;
  let [at, failures, renewed] = [0, 0, false];
  for (;;) {
    const question = { method: 'GET', url, signal, what: 'read an entry', answers: renewed ? [] : [401, 403], headers: { 'accept-encoding': 'identity', ...(at === 0 ? {} : { range: `bytes=${at}-` }) } } as const;
    const reply = await calls.ask(question);
    if (reply.status >= 400) {
      await reply.body.dump();
      [url, renewed] = [(await found(service, entry.key, signal)).url, true];
      continue;
    }
    try {
      if (at > 0 && !String(reply.headers['content-range']).startsWith(`bytes ${at}-`)) throw new OperatorError('CACHE_FAILED', `${url.host} does not go on where a transfer broke`);
      for await (const chunk of reply.body as AsyncIterable<Buffer>) {
        at += chunk.length;
        failures = 0;
        yield chunk;
      }
      return;
    } catch (error) {
      failures += 1;
      if (!(await calls.again(error, failures, signal))) throw calls.unreachable(error, question);
    } finally {
      reply.body.destroy();
    }
  }
}

async function found(service: CacheService, key: string, signal: AbortSignal): Promise<FoundEntry> {
  const entry = await service.find(key, signal);
  if (entry !== undefined) return entry;
  throw new OperatorError('IMAGE_MISSING', `the cache service no longer has ${key}`, { hint: 'It removes old entries when a repository has too many. Write the cache again with --cache-to.' });
}
