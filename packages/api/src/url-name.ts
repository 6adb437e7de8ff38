/** The name of the file that a URL brings: the last part of its path, decoded, as BuildKit has it; `__unnamed__` where it has none. */
export function urlFileName(url: string): string {
  const [, path = ''] = /^[^:]*:\/\/[^/?#]*([^?#]*)/.exec(url) ?? [];
  const name = decoded(path).split('/').filter((part) => part !== '').at(-1) ?? '';
  if (name === '' || name === '.') return '__unnamed__';
  return name === '..' || /[\0-\x1f\x7f-\x9f]/.test(name) ? 'download' : name;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A URL without the password that may be in it, for messages. */
export function printableUrl(url: string): string {
  return url.replace(/^([^:/?#]+:\/\/[^/?#@:]*):[^/?#@]*@/, '$1:xxxxx@');
}
