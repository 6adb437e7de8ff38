import { OperatorError, suggest } from '@strake/api';
import { REGISTRIES_KEYS, type RegistriesConfig } from './registries-config';

/** Checks what came from a file that no compiler has seen. `shown` names it. Throws CONFIG_INVALID. */
export function checkRegistries(value: unknown, shown: string): RegistriesConfig {
  if (!isObject(value)) throw invalid(`${shown} must be an object`);
  for (const key of Object.keys(value)) {
    if (REGISTRIES_KEYS.some((known) => known === key)) continue;
    const near = suggest(key, REGISTRIES_KEYS);
    throw invalid(`${shown}: unknown key "${key}"`, near === undefined ? `Known: ${REGISTRIES_KEYS.join(', ')}.` : `Did you mean ${near}?`);
  }
  for (const key of ['insecure', 'certificateFolders'] as const) if (value[key] !== undefined && !isTexts(value[key])) throw invalid(`${shown}: ${key} must be a list of texts`);
  for (const key of ['parallel', 'attempts', 'chunkSize'] as const) {
    if (value[key] !== undefined && !(Number.isSafeInteger(value[key]) && (value[key] as number) > 0)) throw invalid(`${shown}: ${key} must be a whole number above 0`);
  }
  if (value['mirrors'] !== undefined && !isRecord(value['mirrors'], isTexts)) throw invalid(`${shown}: mirrors must have a list of texts by host`);
  if (value['certificates'] !== undefined && !isRecord(value['certificates'], isText)) throw invalid(`${shown}: certificates must have a file by host`);
  return value;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isRecord = (value: unknown, isOne: (one: unknown) => boolean): boolean => isObject(value) && Object.values(value).every(isOne);

function invalid(message: string, hint?: string): OperatorError {
  return new OperatorError('CONFIG_INVALID', message, hint === undefined ? {} : { hint });
}
