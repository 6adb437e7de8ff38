import type { BuilderConfig, BuildEvent } from 'strake';
import { createContentCache } from '@strake/cache-content';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'strake';
import { expiring } from './expiring';
import config from './strake.config';

const root = process.getuid?.() === 0 && process.platform === 'linux';

(root ? describe : describe.skip)('cache policies', () => {
  let store: string;
  beforeEach(() => void (store = mkdtempSync(join(tmpdir(), 'strake-policy-'))));
  afterEach(() => rmSync(store, { recursive: true }));

  /** What each step was: CACHED, or the reason for a miss. */
  async function steps(cache: BuilderConfig['cache']): Promise<readonly string[]> {
    const seen: string[] = [];
    const onEvent = (event: BuildEvent): void => {
      if (event.type === 'cached') seen.push('CACHED');
      if (event.type === 'missed') seen.push(event.reason);
    };
    await build({ context: __dirname, config: { store, ...(cache === undefined ? {} : { cache }) }, onEvent });
    return seen;
  }

  test('a frozen cache is read and never written', async () => {
    await steps(config.cache);
    expect(await steps(config.cache)).not.toContain('CACHED');
    await steps(undefined);
    expect(await steps(config.cache)).toEqual(['CACHED', 'CACHED']);
  });

  test('records of an expiring cache count for a while', async () => {
    const clock = { time: 0, now: () => clock.time, recorded: new Map() };
    const cache: BuilderConfig['cache'] = ({ store }) => expiring(createContentCache(store), 60_000, clock);
    await steps(cache);
    clock.time = 60_000;
    expect(await steps(cache)).toEqual(['CACHED', 'CACHED']);
    clock.time = 60_001;
    expect(await steps(cache)).toContain('the record has expired');
  });
});
