/** One field in which two values differ; undefined where one has none. */
export interface FieldDifference {
  /** `config.Env[1]` */
  readonly field: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** Compares two JSON values field by field. The order of an object's fields does not count. */
export function diffValues(a: unknown, b: unknown, field = ''): readonly FieldDifference[] {
  if (isBranch(a) && isBranch(b) && Array.isArray(a) === Array.isArray(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => diffValues(a[key], b[key], Array.isArray(a) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`));
  }
  const [left, right] = [textOf(a), textOf(b)];
  return left === right ? [] : [{ field, a: left, b: right }];
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const textOf = (value: unknown): string | undefined => (value === undefined || typeof value === 'string' ? value : JSON.stringify(value));
