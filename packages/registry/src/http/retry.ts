import { CancelledError } from '@strake/api';
import { setTimeout as sleep } from 'node:timers/promises';
import { PassingError } from './passing-error';

/** How patient we are. */
export interface Patience {
  /** Tries in all. */
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
  /** Waits; tests wait less. Throws CANCELLED. */
  readonly wait: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** No server makes us wait longer, in milliseconds; one that asks for more is given up. */
export const LONGEST_WAIT = 60_000;
const FIRST_WAIT = 250;

/** Tries until it works, is hopeless, or was tried often enough; waits longer each time, or as long as the server asks. */
export async function retry<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      await pause(error, attempt, patience);
    }
  }
}

/** Waits before the next try, or throws the failure when there is to be none. */
export async function pause(error: PassingError, attempt: number, { attempts, signal, wait }: Patience): Promise<void> {
  const asked = error.retryAfter;
  if (attempt >= attempts || (asked !== undefined && asked > LONGEST_WAIT)) throw error.final;
  await wait(asked ?? Math.min(LONGEST_WAIT / 4, FIRST_WAIT * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2), signal);
}

/** Really waits. */
export async function reallyWait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    throw new CancelledError({ cause });
  }
}

/** `Retry-After` in milliseconds: seconds, or a date (RFC 9110, 10.2.3). */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
