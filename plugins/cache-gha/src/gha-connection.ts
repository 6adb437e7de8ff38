import { CancelledError, OperatorError } from '@strake/api';
import { scopesOf, type TokenScope } from './access-token';
import type { CacheService } from './cache-service';
import { Calls, type Http } from './calls';
import type { GhaCacheOptions } from './gha-cache';
import { ServiceV1 } from './service-v1';
import { ServiceV2 } from './service-v2';
import type { GhaSettings } from './settings';

/** What a place of this type is made with. */
export interface GhaParts extends GhaCacheOptions {
  readonly env: NodeJS.ProcessEnv;
}

/** What is asked. */
export interface Connected {
  readonly service: CacheService;
  readonly calls: Calls;
  readonly scopes: readonly TokenScope[];
}

/** The way to the service. Nothing is loaded or asked before the first call. */
export class GhaConnection {
  readonly #settings: GhaSettings;
  readonly #parts: GhaParts;
  #connected: Promise<Connected> | undefined;

  constructor(settings: GhaSettings, parts: GhaParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  /** Throws USAGE where there is no service, CACHE_DENIED where the token has expired. */
  open(): Promise<Connected> {
    return (this.#connected ??= this.#make());
  }

  /** A signal that is also given when one entry takes too long. */
  limited(signal: AbortSignal): AbortSignal {
    const late = new AbortController();
    const { timeout } = this.#settings;
    const timer = setTimeout(() => late.abort(new OperatorError('CACHE_FAILED', `the cache service took longer than ${timeout / 1000} s for one entry`, { hint: 'Give more time by timeout=20m.' })), timeout);
    timer.unref();
    return AbortSignal.any([signal, late.signal]);
  }

  async close(): Promise<void> {
    const connected = await this.#connected?.catch(() => undefined);
    this.#connected = undefined;
    await connected?.calls.close();
  }

  async #make(): Promise<Connected> {
    const { access, listing, timeout } = this.#settings;
    if (access instanceof Error) throw access;
    const scopes = scopesOf(access.token, Date.now());
    const http: Http = await import('@strake/registry');
    const calls = new Calls(http, { env: this.#parts.env, timeout, wait: this.#parts.wait, secrets: [access.token, ...(listing === undefined ? [] : [listing.token])] });
    return { service: access.version === 2 ? new ServiceV2(access, calls) : new ServiceV1(access, calls), calls, scopes };
  }
}

/** Whether a signal was given by whoever builds. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError();
}
