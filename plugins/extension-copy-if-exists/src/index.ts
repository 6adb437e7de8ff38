import { extendInstruction, type FlagSpec, type Lowered, type Plugin } from '@strake/api';

const FLAGS = { 'if-exists': { type: 'boolean', summary: 'a source that is not there is nothing, instead of an error' } } as const satisfies Readonly<Record<string, FlagSpec>>;

/** COPY --if-exists. */
export const copyIfExists = extendInstruction('extension-copy-if-exists', { keyword: 'COPY', flags: FLAGS, lower: (lowered, { flags }) => optional(lowered, flags['if-exists']) });

/** ADD --if-exists. What comes from a URL or a repository must still be there. */
export const addIfExists = extendInstruction('extension-add-if-exists', { keyword: 'ADD', flags: FLAGS, lower: (lowered, { flags }) => optional(lowered, flags['if-exists']) });

/** COPY and ADD --if-exists: optional sources. */
export const ifExists: readonly Plugin[] = [copyIfExists, addIfExists];

function optional(lowered: Lowered, wanted: boolean | undefined): Lowered {
  if (wanted !== true) return lowered;
  const ops = (lowered.ops ?? []).map((op) => (op.type === 'copy' && op.from.kind !== 'source' ? { ...op, optional: true as const } : op));
  return { ...lowered, ops };
}
