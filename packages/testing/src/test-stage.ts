import type { StageView } from '@strake/api';
import { expandWord } from '@strake/core';

/** A stage on nothing, with some of it replaced. */
export function testStage(changes: Partial<StageView> = {}): StageView {
  const env = changes.env ?? [];
  return {
    name: undefined, index: 0, platform: { os: 'linux', architecture: 'amd64' }, config: {}, changed: new Set(),
    shell: ['/bin/sh', '-c'], args: [], declared: [], directives: {}, facts: {}, workdir: '/', network: 'default',
    expand: (text) => expandWord(text, variables(env), { escape: '\\' }).value,
    ...changes, env,
  };
}

/** `NAME=value` entries as a map. */
export function variables(env: readonly string[]): ReadonlyMap<string, string> {
  return new Map(env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}
