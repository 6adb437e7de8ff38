import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { OperatorError } from '@strake/api';
import { Ignore, type LocalContext } from '@strake/context';
import type { AddedFile } from './context-tar';

/** A Dockerfile that is sent with a context without being part of it. */
export interface PlacedDockerfile {
  readonly name: string;
  readonly added: readonly AddedFile[];
}

/**
 * Finds a name for a Dockerfile which no COPY sees. The engine takes a Dockerfile out of the context when an ignore file there matches its name: a
 * context without one gets one for as long; in another the name is one that its own patterns hide. Throws UNSUPPORTED where there is none.
 */
export function placeDockerfile(text: string, context: Pick<LocalContext, 'entries'> | undefined): PlacedDockerfile {
  const name = `.strake-${randomBytes(8).toString('hex')}`;
  if (context === undefined) return { name, added: [{ name, text }] };
  const seen = new Set<string>();
  let ignoreFile: string | Buffer | undefined;
  for (const { header, path } of context.entries()) {
    seen.add(header.name.replace(/\/$/, ''));
    if (header.name === '.dockerignore') ignoreFile = path;
  }
  if (ignoreFile === undefined) return { name, added: [{ name, text }, { name: '.dockerignore', text: `${name}\n.dockerignore\n` }] };
  const hidden = hiddenName(readFileSync(ignoreFile, 'utf8'), seen);
  if (hidden !== undefined) return { name: hidden, added: [{ name: hidden, text }] };
  throw new OperatorError('UNSUPPORTED', 'the engine cannot be sent this build context: its .dockerignore hides nothing', { hint: 'write a pattern into it, or remove it' });
}

function hiddenName(text: string, seen: ReadonlySet<string>): string | undefined {
  const patterns = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const ignore = Ignore.ofPatterns(patterns, '.dockerignore');
  const names = patterns.filter((pattern) => !pattern.startsWith('!')).map((pattern) => pattern.replace(/^\/+/, '').replace(/^(\*\*\/)+/, '').replace(/\/+$/, '').replace(/\*+/g, 'strake').replace(/\?/g, 'x'));
  return names.find((name) => name !== '' && !/[[\]\\/]/.test(name) && name !== '.dockerignore' && !seen.has(name) && ignore.match(name).ignored);
}
