import { OperatorError, suggest } from '@strake/api';

type Attributes = Readonly<Record<string, string>>;

/** Reads the attributes of one `--output`, or of another flag with a type, by name and refuses what nobody has read: none is ever ignored. */
export class AttributeReader {
  readonly #type: string;
  readonly #option: string;
  readonly #attributes: Attributes;
  readonly #known = new Set<string>();

  /** `type` and the flag are for errors. */
  constructor(type: string, attributes: Attributes, option = '--output') {
    this.#type = type;
    this.#option = option;
    this.#attributes = attributes;
  }

  text(name: string): string | undefined {
    this.#known.add(name);
    return this.#attributes[name];
  }

  /** A truth value as Go reads it; an empty one is true. Throws USAGE. */
  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/^(?:|1|t|T|true|TRUE|True)$/.test(value)) return true;
    if (/^(?:0|f|F|false|FALSE|False)$/.test(value)) return false;
    throw this.invalid(name, 'Choose true or false.');
  }

  /** A whole number. Throws USAGE. */
  integer(name: string, least: number, most: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    if (number >= least && number <= most) return number;
    throw this.invalid(name, `Choose a number from ${least} to ${most}.`);
  }

  /** One of some words. Throws USAGE. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw this.invalid(name, `Choose ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}.`);
  }

  /** All attributes whose names a pattern fits. */
  matching(pattern: RegExp): readonly (readonly [name: string, value: string, match: RegExpExecArray])[] {
    return Object.entries(this.#attributes).flatMap(([name, value]) => {
      const match = pattern.exec(name);
      if (match === null) return [];
      this.#known.add(name);
      return [[name, value, match] as const];
    });
  }

  /** Refuses an attribute that others have and strake does not, unless it asks for what is done anyway. Throws UNSUPPORTED. */
  refuse(name: string, { unless = [], because }: { readonly unless?: readonly string[]; readonly because: string }): void {
    const value = this.text(name);
    if (value === undefined || unless.includes(value)) return;
    throw new OperatorError('UNSUPPORTED', `${this.#option} type=${this.#type}: ${name}=${value} is not supported`, { hint: because });
  }

  /** Ends the reading. Throws USAGE for what has not been read. */
  finish(): void {
    const names = [...this.#known];
    for (const name of Object.keys(this.#attributes)) {
      if (this.#known.has(name)) continue;
      const near = suggest(name, names);
      const hint = near === undefined ? `Known attributes: ${names.join(', ')}.` : `Did you mean ${near}?`;
      throw new OperatorError('USAGE', `${this.#option} type=${this.#type}: unknown attribute "${name}"`, { hint });
    }
  }

  invalid(name: string, hint: string): OperatorError {
    return new OperatorError('USAGE', `${this.#option} type=${this.#type}: ${name}=${this.#attributes[name] ?? ''} is not valid`, { hint });
  }
}
