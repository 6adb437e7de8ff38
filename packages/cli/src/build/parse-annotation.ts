import { UsageError } from '../argv/usage-error';

const TARGETS = ['manifest', 'manifest-descriptor', 'index', 'index-descriptor'];

/**
 * Reads one `--annotation` as buildx does, `key=value` or `manifest[linux/amd64],index:key=value`, into attributes of an output, one for each of
 * what it is written on. Throws UsageError.
 */
export function parseAnnotation(command: string, text: string): Readonly<Record<string, string>> {
  const equals = text.indexOf('=');
  if (equals < 1) throw invalid(command, text, 'the format is key=value, or TARGET:key=value');
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
  const colon = name.indexOf(':');
  if (colon < 0) return { [`annotation.${name}`]: value };
  const attributes = name.slice(0, colon).split(',').map((target) => [`annotation-${checked(command, text, target)}.${name.slice(colon + 1)}`, value] as const);
  return Object.fromEntries(attributes);
}

function checked(command: string, text: string, target: string): string {
  const word = /^([a-z-]+)(?:\[[A-Za-z0-9_/-]+\])?$/.exec(target)?.[1];
  if (word !== undefined && TARGETS.includes(word)) return target;
  throw invalid(command, text, `what is annotated is one of ${TARGETS.join(', ')}, perhaps with a platform: manifest[linux/amd64]`);
}

function invalid(command: string, text: string, hint: string): UsageError {
  return new UsageError(command, `invalid value "${text}" for --annotation`, hint);
}
