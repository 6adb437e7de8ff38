/** Variables that are looked up while a text is expanded, the names that had a value and those that had none. */
export class Environment {
  private readonly env: ReadonlyMap<string, string>;
  private readonly ignoresCase: boolean;
  private readonly missing = new Set<string>();
  private readonly found = new Set<string>();

  /** On `windows`, names that differ only by case are the same. */
  constructor(env: ReadonlyMap<string, string>, platformOs?: string) {
    this.ignoresCase = platformOs === 'windows';
    this.env = this.ignoresCase ? new Map([...env].map(([name, value]) => [name.toUpperCase(), value])) : env;
  }

  /** The value, or undefined (and remembered) when the variable is not set. */
  get(name: string): string | undefined {
    const value = this.env.get(this.ignoresCase ? name.toUpperCase() : name);
    (value === undefined ? this.missing : this.found).add(name);
    return value;
  }

  /** Names that were asked for and are not set, in order of asking. */
  get unset(): readonly string[] {
    return [...this.missing];
  }

  /** Names that were asked for and are set, in order of asking. */
  get used(): readonly string[] {
    return [...this.found];
  }
}
