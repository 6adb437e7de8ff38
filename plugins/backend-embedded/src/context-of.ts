import { InternalError, OperatorError, type SessionOptions } from '@strake/api';
import type { LocalContext } from '@strake/context';

/** A context of the build by its name. Throws CONTEXT_MISSING. */
export function openContextOf({ contexts }: SessionOptions, name: string): LocalContext {
  const context = contexts.get(name);
  if (context === undefined) {
    throw new OperatorError('CONTEXT_MISSING', `there is no build context ${name === '' ? '' : `"${name}"`}`.trimEnd(), { hint: 'Give one with --build-context NAME=PATH.' });
  }
  if (!('take' in context)) throw new InternalError('this backend reads contexts that are directories only');
  return context as LocalContext;
}
