import { csvFields } from '@strake/api';
import { booleanValue } from '../argv/boolean-value';
import { UsageError } from '../argv/usage-error';

/** What `--call` asks for instead of a build. */
export interface Call {
  readonly name: 'check' | 'outline' | 'targets';
  readonly format: 'text' | 'json';
  /** Violations do not show in the exit code. */
  readonly ignoreStatus: boolean;
}

const NAMES: Readonly<Record<string, Call['name']>> = { check: 'check', lint: 'check', outline: 'outline', targets: 'targets' };

/** Reads `--call=NAME[,format=json][,ignorestatus=true]`; undefined for `build`. Throws UsageError. */
export function parseCall(command: string, text: string): Call | undefined {
  const fail = (what: string): never => {
    throw new UsageError(command, `invalid value "${text}" for --call: ${what}`, 'write check, outline or targets, and perhaps ,format=json');
  };
  let name: string | undefined;
  let format: Call['format'] = 'text';
  let ignoreStatus = false;
  for (const field of csvFields(text) ?? fail('a quote is left open')) {
    const [key = '', ...rest] = field.split('=');
    const value = rest.join('=');
    if (rest.length === 0) name = name === undefined ? field : fail('two names');
    else if (key === 'format') format = value === 'json' || value === 'text' ? value : fail(`there is no format "${value}"`);
    else if (key === 'ignorestatus') ignoreStatus = booleanValue(value) ?? fail('ignorestatus is true or false');
    else fail(`unknown field ${key}`);
  }
  if (name === undefined || name === 'build') return undefined;
  const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  return { name: known ?? fail(`there is no call "${name}"`), format, ignoreStatus };
}
