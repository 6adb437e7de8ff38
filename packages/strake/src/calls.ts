import { outlineOf, targetsOf, type Outline, type TargetList } from '@strake/checks';
import { checkInstructions, parseDockerfile } from '@strake/core';
import { checkContext } from '@strake/context';
import { resolve } from 'node:path';
import type { BuildOptions } from './build-options';
import { look } from './check';
import { attachSource } from './error-source';
import type { PrepareParts } from './prepare';
import { readDockerfile } from './read-dockerfile';

/** `--call=outline`: what a build of the target can be given. Throws a `StrakeError`. */
export async function outline(options: BuildOptions, parts: PrepareParts): Promise<Outline> {
  const { source, facts, error } = await look(options, parts, false);
  if (error !== undefined) throw error;
  const data = Buffer.from(source.text).toString('base64');
  return facts === undefined ? { sources: [data] } : outlineOf(facts, data);
}

/** `--call=targets`: the stages of the file. Nothing is expanded, no image is looked for. Throws a `StrakeError`. */
export async function targets(options: BuildOptions, { instructions, cwd }: Pick<PrepareParts, 'instructions' | 'cwd'>): Promise<TargetList> {
  const directory = resolve(cwd, options.context ?? '.');
  checkContext(directory, options.context ?? '.');
  const { text, name } = readDockerfile(options, directory, cwd);
  return attachSource(name, text, async () => {
    const parsed = parseDockerfile(text, { file: name, syntax: instructions.syntax });
    const file = instructions.hooks.dockerfile.call(parsed);
    checkInstructions(file, instructions);
    const stages = file.instructions.filter(({ keyword }) => instructions.table.get(keyword)?.startsStage === true);
    return targetsOf(stages, Buffer.from(text).toString('base64'));
  });
}
