import { suggest } from '@strake/api';

/** What is wrong with a value that was given. Never shows the value: it may be a secret. */
export interface Misfit {
  readonly message: string;
  readonly hint?: string;
}

/** Looks whether a value is what it must be; `at` names it in messages. The types say it too: this is for what no compiler has seen. */
export type Shape = (value: unknown, at: string) => Misfit | undefined;

const wanted = (at: string, what: string, value: unknown): Misfit => ({ message: `${at} must be ${what}, not ${kindOf(value)}` });

/** Whatever `is` accepts; `what` says it to people. */
export function kind(what: string, is: (value: unknown) => boolean): Shape {
  return (value, at) => (is(value) ? undefined : wanted(at, what, value));
}

/** Anything at all: somebody else looks at it. */
export const anything: Shape = () => undefined;
export const text = kind('a text', (value) => typeof value === 'string');
export const flag = kind('true or false', (value) => typeof value === 'boolean');
export const callable = kind('a function', (value) => typeof value === 'function');
export const count = kind('a whole number, 0 or more', (value) => Number.isSafeInteger(value) && (value as number) >= 0);

/** One of a few values. */
export function oneOf(...values: readonly (string | boolean)[]): Shape {
  return kind(values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value))).join(', ').replace(/, ([^,]*)$/, ' or $1'), (value) => values.some((one) => one === value));
}

/** An object, of whatever class, with some methods. */
export function withMethods(...names: readonly string[]): Shape {
  return kind(`an object with ${names.map((name) => `${name}()`).join(', ')}`, (value) => isObject(value) && names.every((name) => typeof value[name] === 'function'));
}

export function listOf(one: Shape, what = 'a list'): Shape {
  return (value, at) => (Array.isArray(value) ? first(value.map((entry, index) => [`${at}[${index}]`, entry] as const), one) : wanted(at, what, value));
}

export const texts = listOf(text, 'a list of texts');

/** Values by names that may be any; those that are undefined are not there. */
export function recordOf(one: Shape, what = 'an object'): Shape {
  return (value, at) => (isObject(value) ? first(Object.entries(value).filter(([, entry]) => entry !== undefined).map(([name, entry]) => [`${at}[${JSON.stringify(name)}]`, entry] as const), one) : wanted(at, what, value));
}

/** An object that has these fields and no others; those named in `needed` must be there. */
export function fields(shapes: Readonly<Record<string, Shape>>, needed: readonly string[] = []): Shape {
  const known = new Map(Object.entries(shapes));
  return (value, at) => {
    if (!isObject(value)) return wanted(at, 'an object', value);
    const missing = needed.find((name) => value[name] === undefined);
    if (missing !== undefined) return { message: `${at} has no ${missing}` };
    for (const [name, entry] of Object.entries(value)) {
      const shape = known.get(name);
      const misfit = shape === undefined ? unknown(name, at, [...known.keys()]) : entry === undefined ? undefined : shape(entry, `${at}.${name}`);
      if (misfit !== undefined) return misfit;
    }
    return undefined;
  };
}

/** What may have several forms: `pick` tells by a look which one a value is meant to have, if any. */
export function formOf(what: string, pick: (value: unknown) => Shape | undefined): Shape {
  return (value, at) => {
    const shape = pick(value);
    return shape === undefined ? wanted(at, what, value) : shape(value, at);
  };
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

function unknown(name: string, at: string, known: readonly string[]): Misfit {
  const near = suggest(name, known);
  return { message: `${at} cannot have "${name}"`, hint: near === undefined ? `known: ${known.join(', ')}` : `did you mean ${near}?` };
}

function first(entries: readonly (readonly [string, unknown])[], one: Shape): Misfit | undefined {
  for (const [at, entry] of entries) {
    const misfit = one(entry, at);
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

/** `a number`, `a list`: enough to see the mistake, and nothing of the value. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  const type = typeof value;
  return type === 'string' ? 'this text' : type === 'object' ? 'an object' : `a ${type}`;
}
