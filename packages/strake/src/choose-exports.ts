import type { Exporter } from '@strake/api';
import { OperatorError } from '@strake/api';
import { suggest } from '@strake/core';
import { resolve } from 'node:path';
import type { OutputOptions } from './build-options';

/** An exporter and what it is asked for; `dest` is absolute. */
export interface ChosenExport {
  readonly exporter: Exporter;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Finds the exporters of `--output` and lets them refuse their attributes, before anything runs. Throws USAGE. */
export function chooseExports(outputs: readonly OutputOptions[], exporters: readonly Exporter[], cwd: string): readonly ChosenExport[] {
  return outputs.map(({ type, attributes: given }) => {
    const exporter = exporters.find((candidate) => candidate.type === type);
    if (!exporter) throw unknownType(type, exporters);
    const { dest } = given;
    const attributes = dest === undefined || dest === '-' ? given : { ...given, dest: resolve(cwd, dest) };
    exporter.check(attributes);
    return { exporter, attributes };
  });
}

function unknownType(type: string, exporters: readonly Exporter[]): OperatorError {
  const types = exporters.map((exporter) => exporter.type);
  const near = suggest(type, types);
  return new OperatorError('USAGE', `--output: unknown type "${type}"`, { hint: near ? `Did you mean ${near}?` : `Known types: ${types.join(', ')}.` });
}
