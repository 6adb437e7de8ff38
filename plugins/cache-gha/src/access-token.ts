import { OperatorError } from '@strake/api';

/** A branch, tag or pull request whose entries may be read, or written too. */
export interface TokenScope {
  readonly scope: string;
  readonly writes: boolean;
}

const WRITE = 2;

/**
 * What a runner's token gives access to, what may be written first. The service itself verifies the token; one that says nothing, as those of
 * other services may, is taken to give access to one scope. Throws CACHE_DENIED for one that has expired.
 */
export function scopesOf(token: string, now: number): readonly TokenScope[] {
  const { ac, exp } = claimsOf(token);
  if (typeof exp === 'number' && exp * 1000 <= now) throw new OperatorError('CACHE_DENIED', `the token for the cache service has expired at ${new Date(exp * 1000).toISOString()}`, { hint: 'A runner has a new one for each job.' });
  const scopes = (typeof ac === 'string' ? (parsed(ac) as readonly { readonly Scope?: unknown; readonly Permission?: unknown }[] | undefined) : undefined) ?? [];
  if (!Array.isArray(scopes) || scopes.length === 0) return [{ scope: '', writes: true }];
  const read = scopes.map(({ Scope, Permission }) => ({ scope: String(Scope), writes: (Number(Permission) & WRITE) !== 0 }));
  return [...read.filter(({ writes }) => writes), ...read.filter(({ writes }) => !writes)];
}

function claimsOf(token: string): { readonly ac?: unknown; readonly exp?: unknown } {
  const [, payload = ''] = token.split('.');
  const claims = parsed(Buffer.from(payload, 'base64url').toString());
  return typeof claims === 'object' && claims !== null ? claims : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
