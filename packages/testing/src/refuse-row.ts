import { deepStrictEqual, fail } from 'node:assert';
import { defineInstruction, StrakeError } from '@strake/api';
import type { AnyInstructionDefinition, Plugin } from '@strake/api';
import { createRegistry, lowerDockerfile, parseDockerfile } from '@strake/core';
import type { RefusedRow } from './instruction-spec';

const start = defineInstruction({
  keyword: 'FROM',
  summary: 'starts a stage',
  args: { kind: 'words' },
  startsStage: true,
  lower: () => ({ stage: { base: 'scratch' }, history: null }),
});

/** Lowers a Dockerfile with a row's instruction and holds the error to the row. Throws an `AssertionError`. */
export async function refuseRow(plugin: Plugin, definition: AnyInstructionDefinition, row: RefusedRow): Promise<void> {
  const error = await lower(plugin, definition, row.text).then(() => undefined, (thrown: unknown) => thrown);
  if (error === undefined) fail('was not refused');
  if (!(error instanceof StrakeError)) throw new Error('refused by another error than ours', { cause: error });
  const lines = definition.startsStage ? 0 : 1;
  const { line = 0, column = 0 } = error.range?.start ?? {};
  deepStrictEqual(
    { message: error.message, at: `${line - lines}:${column}`, code: error.code, ...(row.hint === undefined ? {} : { hint: error.hint }) },
    { message: row.message, at: row.at, code: row.code ?? 'INVALID_ARGUMENTS', ...(row.hint === undefined ? {} : { hint: row.hint }) },
  );
}

async function lower(plugin: Plugin, { startsStage }: AnyInstructionDefinition, text: string): Promise<void> {
  const registry = (startsStage ? [plugin] : [start, plugin]).reduce((all, each) => all.use(each), createRegistry()).freeze();
  const platform = { os: 'linux', architecture: 'amd64' };
  await lowerDockerfile(parseDockerfile(startsStage ? text : `FROM scratch\n${text}`, { file: 'Dockerfile', syntax: registry.syntax }), {
    registry, platform, buildPlatform: platform, buildArgs: {}, labels: {}, namedContexts: new Set(),
    now: '1970-01-01T00:00:00Z', signal: new AbortController().signal,
    resolveImage: async (reference) => fail(`${reference} is not to be resolved`),
  });
}
