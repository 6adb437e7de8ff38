import type { KeyChange } from '@strake/api';

type Aspects = NonNullable<KeyChange['aspects']>;

/** What of a file differs, by its two digests as `packages/context` writes them: `type:mode[:uid.gid]:content[:attributes]`. */
export function fileAspects(before: string, after: string): Aspects {
  const [old, now] = [parse(before), parse(after)];
  if (old === undefined || now === undefined) return [];
  const names = ['type', 'content', 'mode', 'owner', 'attributes'] as const;
  return names.filter((name) => old[name] !== now[name]);
}

type Entry = Readonly<Record<Aspects[number], string>>;

function parse(digest: string): Entry | undefined {
  const found = /^([^:]*):([0-7]+):(?:(\d+\.\d+):)?([^:]*)(?::(.*))?$/s.exec(digest);
  if (found === null) return undefined;
  const [, type = '', mode = '', owner = '', content = '', attributes = ''] = found;
  return { type, mode, owner, content, attributes };
}
