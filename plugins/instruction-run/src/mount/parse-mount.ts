import { csvFields, InstructionError, suggest } from '@strake/api';
import { MOUNT_KEYS, MOUNT_TYPES, noOptions, SHARINGS, type MountOptions } from './mount-options';
import { booleanOf, bytesOf, unsignedOf } from './values';

/** A field of `--mount`: `value` is absent where nothing but a key was written. */
interface Field {
  readonly written: string;
  readonly key: string;
  readonly value?: string;
}

/**
 * Reads one `--mount`, field by field in the order written, as BuildKit does. `expand` is applied to every value but that of
 * `from`, which the core expands. Throws an `InstructionError`.
 */
export function parseMount(text: string, expand: (value: string) => string): MountOptions {
  const options = noOptions();
  for (const field of fieldsOf(text)) {
    if (field.value === undefined) setBare(options, field, text);
    else set(options, field, field.key === 'from' ? field.value : expand(field.value), text);
  }
  checkTogether(options, text);
  return options;
}

/** Checks what can be known before variables have values. */
export function checkFields(text: string): void {
  for (const field of fieldsOf(text)) mainName(field, text);
}

function fieldsOf(text: string): readonly Field[] {
  const fields = csvFields(text);
  if (fields === undefined) throw wrong(text, 'failed to parse csv mounts: a quote stands where none can be', 'quote a whole field: "target=/a,b"');
  return fields.map((written) => {
    const at = written.indexOf('=');
    return at < 0 ? { written, key: written.toLowerCase() } : { written, key: written.slice(0, at).toLowerCase(), value: written.slice(at + 1) };
  });
}

function setBare(options: MountOptions, field: Field, text: string): void {
  const { key, written } = field;
  if (!['readonly', 'ro', 'readwrite', 'rw', 'required'].includes(key)) throw wrong(text, `invalid field '${written}' must be a key=value pair`);
  set(options, field, 'true', text);
}

/** A refused value: the words that BuildKit has for it. */
type Complaint = (key: string, value: string) => string;
const invalidFor: Complaint = (key, value) => `invalid value for ${key}: ${value}`;
const invalidOf: Complaint = (key, value) => `invalid value ${value} for ${key}`;

function set(options: MountOptions, field: Field, value: string, text: string): void {
  const { key } = field;
  const name = mainName(field, text);
  const must = <T>(result: T | undefined, complaint: Complaint): T => {
    if (result !== undefined) return result;
    throw wrong(text, complaint(key, value));
  };
  options.written.add(name);
  switch (name) {
    case 'type': return void (options.type = oneOf(MOUNT_TYPES, value, 'mount type', text));
    case 'from': return void (options.from = value);
    case 'source': return void (options.source = value);
    case 'target': return void (options.target = value);
    case 'id': return void (options.id = value);
    case 'env': return void (options.env = value);
    case 'readonly': return void (options.readonly = must(booleanOf(value), invalidFor));
    case 'readwrite': return void (options.readonly = !must(booleanOf(value), invalidFor));
    case 'sharing': return void (options.sharing = oneOf(SHARINGS, value, 'sharing value', text));
    case 'mode': return void (options.mode = must(unsignedOf(value, 8), invalidOf));
    case 'uid': return void (options.uid = must(unsignedOf(value, 10), invalidOf));
    case 'gid': return void (options.gid = must(unsignedOf(value, 10), invalidOf));
    case 'required': refuseUnless(options, ['secret', 'ssh'], key, text); return void (options.required = must(booleanOf(value), invalidFor));
    case 'size': refuseUnless(options, ['tmpfs'], key, text); return void (options.size = must(bytesOf(value), invalidFor));
  }
}

function mainName({ key, written }: Field, text: string): string {
  const name = Object.hasOwn(MOUNT_KEYS, key) ? MOUNT_KEYS[key] : undefined;
  if (name !== undefined) return name;
  const near = suggest(key, Object.keys(MOUNT_KEYS));
  const message = written.includes('=') ? `unexpected key '${key}' in '${written}'` : `invalid field '${written}' must be a key=value pair`;
  throw wrong(text, message, near === undefined ? undefined : `did you mean ${near}?`);
}

function oneOf<T extends string>(known: readonly T[], value: string, what: string, text: string): T {
  const found = known.find((name) => name === value.toLowerCase());
  if (found !== undefined) return found;
  const near = suggest(value, known);
  throw wrong(text, `unsupported ${what} "${value}"`, near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`);
}

/** The type must be known by then: BuildKit reads fields in order. */
function refuseUnless({ type }: MountOptions, types: readonly string[], key: string, text: string): void {
  if (!types.includes(type)) throw wrong(text, `unexpected key '${key}' for mount type '${type}'`, `only ${types.join(' and ')} mounts have it, and type= must stand before it`);
}

function checkTogether(options: MountOptions, text: string): void {
  const { type, from, source, target, id, sharing } = options;
  const strange = ['secret', 'ssh', 'cache'].includes(type) ? undefined : (['mode', 'uid', 'gid'] as const).find((key) => options[key] !== undefined);
  if (strange !== undefined) throw wrong(text, `${strange} not allowed for "${type}" type mounts`);
  if (type === 'secret') {
    if (from !== '') throw wrong(text, 'secret mount should not have a from');
    if (sharing !== undefined) throw wrong(text, 'secret mount should not define sharing');
    if (source === '' && target === '' && id === '') throw wrong(text, 'invalid secret mount. one of source, target required', 'name the secret: id=NAME');
    if (source !== '' && id !== '') throw wrong(text, "both source and id can't be set");
    if (options.env === '') throw wrong(text, 'the name of the variable is empty', 'write env=NAME');
  }
  if (type === 'ssh' && source !== '') throw wrong(text, 'ssh does not support source');
  if (sharing !== undefined && type !== 'cache') throw wrong(text, `invalid cache sharing set for ${type} mount`);
}

/** An error about one `--mount`: the caret goes under it. */
export function wrong(text: string, message: string, hint?: string): InstructionError {
  return new InstructionError(message, { at: `--mount=${text}`, ...(hint === undefined ? {} : { hint }) });
}
