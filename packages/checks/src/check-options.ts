/** Which rules count and what a violation means: `skip=A,B;error=true;experimental=all`. */
export interface CheckOptions {
  readonly skipAll: boolean;
  readonly skip: readonly string[];
  readonly experimentalAll: boolean;
  readonly experimental: readonly string[];
  /** A violation fails the build. */
  readonly error: boolean;
}

/** All rules but the experimental ones; violations are warnings. */
export const DEFAULT_OPTIONS: CheckOptions = { skipAll: false, skip: [], experimentalAll: false, experimental: [], error: false };

/** What is wrong with a text that should be check options. */
export class CheckOptionsError extends Error {}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  '1': true, t: true, T: true, true: true, TRUE: true, True: true, '0': false, f: false, F: false, false: false, FALSE: false, False: false,
};

/** Reads check options as BuildKit does: at most three parts, each key once more counts anew. Throws a `CheckOptionsError`. */
export function parseCheckOptions(text: string): CheckOptions {
  const trimmed = text.trim();
  if (trimmed === '') return DEFAULT_OPTIONS;
  const parts = trimmed.split(';');
  return [...parts.slice(0, 2), ...(parts.length > 2 ? [parts.slice(2).join(';')] : [])].reduce(withPart, DEFAULT_OPTIONS);
}

function withPart(options: CheckOptions, part: string): CheckOptions {
  const equals = part.indexOf('=');
  if (equals < 0) throw new CheckOptionsError(`invalid check option "${part}"`);
  const key = part.slice(0, equals).trim();
  const value = part.slice(equals + 1).trim();
  switch (key) {
    case 'skip':
      return value === 'all' ? { ...options, skipAll: true } : { ...options, skip: names(value) };
    case 'experimental':
      return value === 'all' ? { ...options, experimentalAll: true } : { ...options, experimental: names(value) };
    case 'error': {
      const error = Object.hasOwn(BOOLEANS, value) ? BOOLEANS[value] : undefined;
      if (error === undefined) throw new CheckOptionsError(`failed to parse check option "${part}": "${value}" is neither true nor false`);
      return { ...options, error };
    }
    default:
      throw new CheckOptionsError(`invalid check option "${key}"`);
  }
}

function names(value: string): readonly string[] {
  return value.split(',').map((name) => name.trim()).filter((name) => name !== '');
}

/** Whether a rule counts. `skip` does not reach experimental rules: BuildKit's way. */
export function counts({ name, experimental }: { readonly name: string; readonly experimental?: boolean }, options: CheckOptions): boolean {
  if (experimental === true) return options.experimentalAll || options.experimental.includes(name);
  return !options.skipAll && !options.skip.includes(name);
}
