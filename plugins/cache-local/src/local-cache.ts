import { resolve } from 'node:path';
import { OperatorError, type CachePlaceType } from '@strake/api';
import { isDigest } from '@strake/oci';
import { LayoutReader } from './layout-reader';
import { LayoutWriter } from './layout-writer';

/** A tag as in references (distribution-spec), so that layouts can be copied to registries. */
const TAG = /^\w[\w.-]{0,127}$/;

type Attributes = Readonly<Record<string, string>>;

/** `type=local`: a cache in a directory, as an OCI image layout. */
export function localCache(): CachePlaceType {
  return {
    type: 'local',
    summary: 'a directory with an OCI image layout',
    from: {
      attributes: ['src', 'tag', 'digest'],
      open: (attributes, { cwd }) => {
        const folder = resolve(cwd, required(attributes, 'src', '--cache-from'));
        const { digest } = attributes;
        if (digest === undefined) return new LayoutReader(folder, { tag: tagOf(attributes, '--cache-from') });
        if (!isDigest(digest)) throw invalid('--cache-from', 'digest', digest, 'A digest is "sha256:" and 64 lower-case hexadecimal digits.');
        if (attributes['tag'] !== undefined) throw new OperatorError('USAGE', '--cache-from type=local: both a tag and a digest are given', { hint: 'Leave one of them out.' });
        return new LayoutReader(folder, { digest });
      },
    },
    to: {
      attributes: ['dest', 'tag', 'reset'],
      open: (attributes, { cwd }) => {
        const folder = resolve(cwd, required(attributes, 'dest', '--cache-to'));
        return new LayoutWriter(folder, { tag: tagOf(attributes, '--cache-to'), reset: flag(attributes, 'reset') });
      },
    },
  };
}

function required(attributes: Attributes, name: string, option: string): string {
  const value = attributes[name];
  if (value) return value;
  throw new OperatorError('USAGE', `${option} type=local needs ${name}`, { hint: `Write ${option} type=local,${name}=PATH.` });
}

function tagOf({ tag = 'latest' }: Attributes, option: string): string {
  if (TAG.test(tag)) return tag;
  throw invalid(option, 'tag', tag, 'A tag has letters, digits, "_", "." and "-", and begins with none of the last two.');
}

function flag(attributes: Attributes, name: string): boolean {
  const value = attributes[name] ?? 'false';
  if (/^(?:|1|t|true)$/i.test(value)) return true;
  if (/^(?:0|f|false)$/i.test(value)) return false;
  throw invalid('--cache-to', name, value, 'Choose true or false.');
}

function invalid(option: string, name: string, value: string, hint: string): OperatorError {
  return new OperatorError('USAGE', `${option} type=local: ${name}=${value} is not valid`, { hint });
}
