import { csvFields } from '@strake/api';
import { UsageError } from '../argv/usage-error';
import type { SecretSources } from '../library';

const hint = 'the format is id=NAME,src=FILE or id=NAME,env=VARIABLE';

/** One `--secret`, as far as it is written. */
interface Written {
  id: string;
  file: string;
  env: string;
}

/**
 * Reads every `--secret` as buildx does: `id=x,src=FILE`, `id=x,env=NAME`, `type=env,id=x,src=NAME`; with an id alone the variable of that
 * name, or else the file. The last one of an id counts. Throws UsageError.
 */
export function parseSecrets(command: string, texts: readonly string[], env: Readonly<Record<string, string | undefined>>): SecretSources {
  const sources: Record<string, SecretSources[string]> = {};
  for (const text of texts) {
    if (text === '') continue;
    const { id, file, env: variable } = readSecret(command, text);
    if (variable !== '') sources[id] = { env: variable };
    else if (file !== '') sources[id] = { file };
    else sources[id] = env[id] === undefined ? { file: id } : { env: id };
  }
  return sources;
}

function readSecret(command: string, text: string): Written {
  const fields = csvFields(text);
  // The text may hold what nobody should read: only names are repeated.
  if (fields === undefined) throw new UsageError(command, 'invalid value for --secret: a quote is left open', hint);
  const secret: Written = { id: '', file: '', env: '' };
  let type = '';
  for (const field of fields) {
    const equals = field.indexOf('=');
    if (equals < 0) throw new UsageError(command, `invalid value for --secret: invalid field '${field}' must be a key=value pair`, hint);
    const [key, value] = [field.slice(0, equals).toLowerCase(), field.slice(equals + 1)];
    if (key === 'type') type = typeOf(command, value);
    else if (key === 'id') secret.id = value;
    else if (key === 'source' || key === 'src') secret.file = value;
    else if (key === 'env') secret.env = value;
    else throw new UsageError(command, `invalid value for --secret: unexpected key '${key}'`, hint);
  }
  if (secret.id === '') throw new UsageError(command, 'invalid value for --secret: it has no id', hint);
  return type === 'env' && secret.env === '' ? { id: secret.id, file: '', env: secret.file } : secret;
}

function typeOf(command: string, value: string): string {
  if (value === 'file' || value === 'env') return value;
  throw new UsageError(command, `invalid value for --secret: unsupported secret type "${value}"`, 'the types are file and env');
}
