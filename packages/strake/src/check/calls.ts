import { outlineOf, targetsOf, type Outline, type TargetList } from '@strake/checks';
import { checkInstructions } from '@strake/core';
import { assemble } from '../prepare/assemble';
import type { BuildOptions } from '../build/build-options';
import { look } from './check';
import { attachDockerfile, attachSource } from '../errors/error-source';
import { openInput } from '../input/open-input';
import { namedContexts, type NamedContexts } from '../named-contexts/named-contexts';
import type { PrepareParts } from '../prepare/prepare';

const NOTHING: Pick<NamedContexts, 'directories' | 'images' | 'stages'> = { directories: new Map(), images: new Map(), stages: new Map() };

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
  const signal = options.signal ?? new AbortController().signal;
  const input = await openInput(options, { ...parts, signal });
  const { text, name } = input.dockerfile;
  let named: NamedContexts | undefined;
  try {
    return await attachSource(name, text, async () => {
      // Only what is included can be in another context.
      named = instructions.hooks.assemble.isUsed() ? await namedContexts(options, { ...parts, signal }) : undefined;
      const { dockerfile } = await assemble({ input, named: named ?? NOTHING, instructions, signal });
      const file = instructions.hooks.dockerfile.call(dockerfile);
      await attachDockerfile(file, async () => checkInstructions(file, instructions));
      const stages = file.instructions.filter(({ keyword }) => instructions.table.get(keyword)?.startsStage === true);
      return targetsOf(stages, Buffer.from(text).toString('base64'));
    });
  } finally {
    named?.release();
    input.release();
  }
}
