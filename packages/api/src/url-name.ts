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

/**
 * A text, a URL or what a program says of one, without what lets somebody in: by http user and password, for either may be a token, elsewhere the
 * password alone. For messages.
 */
export function printableUrl(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)([^\s/?#'"]*)@/gi, (_, scheme: string, who: string) => {
    const user = /^http/i.test(scheme) ? 'xxxxx' : (who.split(':')[0] ?? '');
    return `${scheme}${user}${who.includes(':') ? ':xxxxx' : ''}@`;
  });
}
