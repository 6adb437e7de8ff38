import type { Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { isDigest } from '../digest';

/** An image reference, normalised as Docker does. */
export interface Reference {
  /** `docker.io/library/app` */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const DOMAIN = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d+)?$/;
const TAG = /^\w[\w.-]{0,127}$/;

/** Parses `[domain/]path[:tag][@digest]`; `latest` when it has neither tag nor digest. Throws REFERENCE_INVALID. */
export function parseReference(text: string): Reference {
  const [named = '', digest] = split(text, text.indexOf('@'));
  const colon = named.lastIndexOf(':');
  const [name, tag] = split(named, colon > named.lastIndexOf('/') ? colon : -1);
  if (tag !== undefined && !TAG.test(tag)) throw invalid(text, `A tag has letters, digits, "_", "." and "-", at most 128.`);
  if (digest !== undefined && !isDigest(digest)) throw invalid(text, 'A digest is "sha256:" and 64 lower-case hexadecimal digits.');
  const repository = normalRepository(name, text);
  if (digest === undefined) return { repository, tag: tag ?? 'latest' };
  return { repository, ...(tag === undefined ? {} : { tag }), digest };
}

/** The whole reference: `docker.io/library/app:latest`. */
export function formatReference({ repository, tag, digest }: Reference): string {
  return `${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** As people write it: without `docker.io/` and `library/`. */
export function familiarReference(reference: Reference): string {
  return formatReference({ ...reference, repository: reference.repository.replace(/^docker\.io\/(?:library\/)?/, '') });
}

function normalRepository(name: string, text: string): string {
  const [first = '', rest] = split(name, name.indexOf('/'));
  const named = rest !== undefined && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const domain = !named || first === 'index.docker.io' ? 'docker.io' : first;
  const path = named ? rest : name;
  if (!DOMAIN.test(domain) || !path.split('/').every((part) => COMPONENT.test(part))) {
    throw invalid(text, name === name.toLowerCase() ? 'Write [registry/]name[:tag].' : 'Repository names are lower case.');
  }
  const full = domain === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  if (full.length > 255) throw invalid(text, 'A repository name has at most 255 characters.');
  return `${domain}/${full}`;
}

function split(text: string, at: number): readonly [string, string?] {
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function invalid(text: string, hint: string): OperatorError {
  return new OperatorError('REFERENCE_INVALID', `invalid reference ${JSON.stringify(text)}`, { hint });
}
