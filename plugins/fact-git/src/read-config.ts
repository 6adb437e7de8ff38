import { readPlain } from './read-plain';

/** What counts of a repository's configuration. */
export interface RepositoryConfig {
  /** Of the remote `origin`, as written. */
  readonly url?: string;
  /** Whether a changed mode is a change; the value as written. */
  readonly fileMode?: string;
  /** What is done to the ends of lines; the value as written. */
  readonly autocrlf?: string;
}

/** Reads three values of a configuration file; all else in it, files that it includes too, means nothing here. */
export function readConfig(path: string): RepositoryConfig {
  const found = new Map<string, string>();
  let section = '';
  for (const line of (readPlain(path) ?? '').split(/\r?\n/)) {
    const [, name, more] = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]\s*$/.exec(line) ?? [];
    if (name !== undefined) section = `${name.toLowerCase()}${more === undefined ? '' : `.${more}`}`;
    const [, key, value] = /^\s*([\w-]+)\s*=\s*"?([^"#;\\]*?)"?\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) found.set(`${section}.${key.toLowerCase()}`, value);
  }
  const [url, fileMode, autocrlf] = [found.get('remote.origin.url'), found.get('core.filemode'), found.get('core.autocrlf')];
  return {
    ...(url === undefined ? {} : { url }),
    ...(fileMode !== undefined && /^(?:true|false)$/i.test(fileMode) ? { fileMode } : {}),
    ...(autocrlf !== undefined && /^(?:true|false|input)$/i.test(autocrlf) ? { autocrlf } : {}),
  };
}
