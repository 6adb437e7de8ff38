/** What a runner's token gives access to: read is 1, write is 2. */
export interface RunnerScope {
  readonly Scope: string;
  readonly Permission: 1 | 3;
}

const MAIN: readonly RunnerScope[] = [{ Scope: 'refs/heads/main', Permission: 3 }];

/** A token as a runner has it: a JWT whose claim `ac` is JSON. Its signature is nobody's business but the service's. */
export function runnerToken(scopes: readonly RunnerScope[] = MAIN, expires = Date.now() + 3_600_000): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'JWT', alg: 'RS256' })}.${part({ ac: JSON.stringify(scopes), exp: Math.floor(expires / 1000), nbf: 0 })}.sentinel-signature`;
}

/** What it says, as the service reads it. */
export function scopesOfToken(token: string): readonly RunnerScope[] {
  const { ac } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { readonly ac: string };
  return JSON.parse(ac) as readonly RunnerScope[];
}
