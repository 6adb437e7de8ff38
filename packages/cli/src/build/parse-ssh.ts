import type { AgentSource } from '../library';

/** Reads every `--ssh` as buildx does: `default`, `id=SOCKET`, `id=KEY,KEY`. The last one of an id counts. */
export function parseSsh(texts: readonly string[]): readonly AgentSource[] {
  const agents = new Map<string, AgentSource>();
  for (const text of texts) {
    if (text === '') continue;
    const [id = '', paths] = text.split(/=(.*)/s);
    agents.set(id, { id, paths: paths === undefined ? [] : paths.split(',') });
  }
  return [...agents.values()];
}
