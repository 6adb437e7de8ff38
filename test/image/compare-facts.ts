import type { ImageFacts } from './image-facts';

/** One thing in which two images differ. `where` is a stable name: `config.Env`, `history[3].created_by`, `layers[1]`, `tree:etc/motd.mode`. */
export interface Difference {
  readonly where: string;
  readonly expected: string;
  readonly actual: string;
}

/** Every difference between a reference image and another; none when they agree. */
export function compareFacts(expected: ImageFacts, actual: ImageFacts): readonly Difference[] {
  return [
    ...compareRecords('config.', expected.config, actual.config),
    ...compareLists('history', expected.history, actual.history),
    ...compareLists('layers', expected.layers, actual.layers),
    ...compareTrees(expected.tree, actual.tree),
  ];
}

function compareRecords(prefix: string, expected: Readonly<Record<string, unknown>>, actual: Readonly<Record<string, unknown>>): readonly Difference[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return names.flatMap((name) => difference(`${prefix}${name}`, expected[name], actual[name]));
}

function compareLists(name: string, expected: readonly unknown[], actual: readonly unknown[]): readonly Difference[] {
  const count = Math.max(expected.length, actual.length);
  return [
    ...difference(`${name}.length`, expected.length, actual.length),
    ...Array.from({ length: count }, (_, index) => {
      const [left, right] = [expected[index], actual[index]];
      return isRecord(left) && isRecord(right) ? compareRecords(`${name}[${index}].`, left, right) : difference(`${name}[${index}]`, left, right);
    }).flat(),
  ];
}

function compareTrees(expected: ImageFacts['tree'], actual: ImageFacts['tree']): readonly Difference[] {
  const paths = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return paths.flatMap((path) => {
    const [left, right] = [expected[path], actual[path]];
    return left !== undefined && right !== undefined ? compareRecords(`tree:${path}.`, left, right) : difference(`tree:${path}`, left?.['type'], right?.['type']);
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function difference(where: string, expected: unknown, actual: unknown): readonly Difference[] {
  const [left, right] = [print(expected), print(actual)];
  return left === right ? [] : [{ where, expected: left, actual: right }];
}

/** JSON with sorted names, so that the order in which a builder writes an object says nothing. */
function print(value: unknown): string {
  if (value === undefined) return '(absent)';
  return JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner));
}
