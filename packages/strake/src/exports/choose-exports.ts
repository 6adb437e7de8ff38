import type { BackendCapabilities, Exporter, ExportPlan } from '@strake/api';
import { OperatorError } from '@strake/api';
import { suggest } from '@strake/core';
import { resolve } from 'node:path';
import type { OutputOptions } from '../build/build-options';

/** An exporter and what it is asked for; `dest` is absolute. */
export interface ChosenExport {
  readonly exporter: Exporter;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What exports are chosen by. */
export interface ExportChoice {
  readonly exporters: readonly Exporter[];
  readonly capabilities: BackendCapabilities;
  readonly cwd: string;
  readonly plan: ExportPlan;
}

/** Finds the exporters of `--output` and lets them refuse what they cannot do, before anything runs. Throws USAGE, UNSUPPORTED. */
export function chooseExports(outputs: readonly OutputOptions[], choice: ExportChoice): readonly ChosenExport[] {
  const chosen = outputs.map((output) => choose(output, choice));
  if (chosen.filter(({ attributes }) => attributes['dest'] === '-').length > 1) throw new OperatorError('USAGE', 'several outputs go to standard output', { hint: 'Give each a dest of its own.' });
  return chosen;
}

function choose({ type, attributes: given }: OutputOptions, { exporters, capabilities, cwd, plan }: ExportChoice): ChosenExport {
  const exporter = exporters.find((candidate) => candidate.type === type);
  if (!exporter) throw unknownType(type, exporters);
  const { dest } = given;
  const attributes = dest === undefined || dest === '-' || dest === '' ? given : { ...given, dest: resolve(cwd, dest) };
  exporter.check(attributes, plan);
  if (exporter.wantsTrees === true && capabilities.archives !== true) throw new OperatorError('UNSUPPORTED', `the backend cannot give the files of a result, which --output type=${type} writes`);
  return { exporter, attributes };
}

/** Refuses attributes about times that go against what the build does with them. Throws USAGE, UNSUPPORTED. */
export function checkTimes(exports: readonly ChosenExport[], epoch: number | undefined): void {
  for (const { attributes: { 'rewrite-timestamp': rewrite } } of exports) {
    if (rewrite === undefined) continue;
    const wanted = !/^(?:0|f|false)$/i.test(rewrite);
    if (wanted && epoch === undefined) throw new OperatorError('USAGE', 'rewrite-timestamp=true needs a SOURCE_DATE_EPOCH', { hint: 'Set it: --build-arg SOURCE_DATE_EPOCH=SECONDS, or use --reproducible.' });
    if (!wanted && epoch !== undefined) {
      throw new OperatorError('UNSUPPORTED', 'rewrite-timestamp=false cannot be had with a SOURCE_DATE_EPOCH', { hint: 'With an epoch the times in new layers are never later: leave one of them out.' });
    }
  }
}

function unknownType(type: string, exporters: readonly Exporter[]): OperatorError {
  const types = exporters.map((exporter) => exporter.type);
  const near = suggest(type, types);
  return new OperatorError('USAGE', `--output: unknown type "${type}"`, { hint: near ? `Did you mean ${near}?` : `Known types: ${types.join(', ')}.` });
}
