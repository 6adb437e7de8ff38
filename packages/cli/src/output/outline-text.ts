import type { Outline } from '../library';
import { aligned } from './aligned';

/** What a build can be given, for people, as buildx prints it. */
export function outlineText({ name = '', description = '', args = [], secrets = [], ssh = [] }: Outline): string {
  const head = [['TARGET:', name === '' ? '(default)' : name], ...(description === '' ? [] : [['DESCRIPTION:', description]])];
  const given = (list: typeof secrets): readonly string[][] => list.map((one) => [one.name, one.required === true ? 'true' : '']);
  return [
    ...(name === '' && description === '' ? [] : [aligned(head, 1)]),
    ...(args.length === 0 ? [] : [aligned([['BUILD ARG', 'VALUE', 'DESCRIPTION'], ...args.map((arg) => [arg.name, arg.value ?? '', arg.description ?? ''])], 3)]),
    ...(secrets.length === 0 ? [] : [aligned([['SECRET', 'REQUIRED'], ...given(secrets)], 3)]),
    ...(ssh.length === 0 ? [] : [aligned([['SSH', 'REQUIRED'], ...given(ssh)], 3)]),
  ].map((part) => `${part}\n`).join('');
}
