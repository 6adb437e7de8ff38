import { outlineOf, targetsOf, type Outline, type TargetList } from '@strake/checks';
import { checkInstructions, parseDockerfile } from '@strake/core';
import type { BuildOptions } from './build-options';
import { look } from './check';
import { attachSource } from './error-source';
import { openInput } from './input/open-input';
import type { PrepareParts } from './prepare';

/** `--call=outline`: what a build of the target can be given. Throws a `StrakeError`. */
export async function outline(options: BuildOptions, parts: PrepareParts): Promise<Outline> {
  const { source, facts, error } = await look(options, parts, false);
  if (error !== undefined) throw error;
  const data = Buffer.from(source.text).toString('base64');
  return facts === undefined ? { sources: [data] } : outlineOf(facts, data);
}

/** `--call=targets`: the stages of the file. Nothing is expanded, no image is looked for. Throws a `StrakeError`. */
export async function targets(options: BuildOptions, parts: PrepareParts): Promise<TargetList> {
  const { instructions } = parts;
  const input = await openInput(options, { ...parts, signal: options.signal ?? new AbortController().signal });
  input.release();
  const { text, name } = input.dockerfile;
  return attachSource(name, text, async () => {
    const parsed = parseDockerfile(text, { file: name, syntax: instructions.syntax, directives: instructions.directives });
    const file = instructions.hooks.dockerfile.call(parsed);
    checkInstructions(file, instructions);
    const stages = file.instructions.filter(({ keyword }) => instructions.table.get(keyword)?.startsStage === true);
    return targetsOf(stages, Buffer.from(text).toString('base64'));
  });
}
