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
    let later = 0;
    const cache: BuilderConfig['cache'] = ({ store }) => expiring(createContentCache(store), 3_600_000, () => Date.now() + later);
    await steps(cache);
    expect(await steps(cache)).toEqual(['CACHED', 'CACHED']);
    later = 3_600_001;
    expect(await steps(cache)).toEqual(['the record has expired', 'the record has expired']);
  });
});
