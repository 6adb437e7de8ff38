import { DockerfileError, OperatorError, suggest, type BuildContext, type ContextFile, type Dockerfile, type FactSources, type FactValue, type FileReader, type StageView } from '@strake/api';
import { instructionOf, parseDockerfile, type Instructions } from '@strake/core';
import { posix } from 'node:path';
import { attachDockerfile, attachSource } from '../errors/error-source';
import type { BuildInput } from '../input/open-input';
import type { NamedContexts } from '../named-contexts/named-contexts';

/** What a Dockerfile is assembled with. */
export interface AssembleParts {
  readonly input: BuildInput;
  readonly named: Pick<NamedContexts, 'directories' | 'images' | 'stages'>;
  readonly instructions: Instructions;
  readonly signal: AbortSignal;
}

/** A file with all that it includes, and what was found out for it before lowering. */
export interface Assembled {
  readonly dockerfile: Dockerfile;
  readonly outside: StageView['facts'];
}

/** Parses a build's Dockerfile, lets plugins put other files into it, and finds the facts that it needs. Throws a `StrakeError`. */
export async function assemble(parts: AssembleParts): Promise<Assembled> {
  const { input, instructions } = parts;
  const parsed = parse({ name: input.dockerfile.name, text: input.dockerfile.text }, instructions);
  const { assemble: hook } = instructions.hooks;
  const dockerfile = hook.isUsed() ? await attachDockerfile(parsed, () => hook.promise(parsed, readerOf(parts))) : parsed;
  return { dockerfile, outside: await attachDockerfile(dockerfile, () => factsOf(dockerfile, parts)) };
}

function parse({ name, text }: ContextFile, { syntax, directives }: Instructions): Dockerfile {
  return parseDockerfile(text, { file: name, syntax, directives });
}

function readerOf({ input, named, instructions }: AssembleParts): FileReader {
  return {
    read: async (path, context) => {
      const found = context === undefined ? input.context() : namedContext(context, named);
      if (found.readText === undefined) throw new OperatorError('UNSUPPORTED', `the files of the context ${found.name} cannot be read`);
      return { name: shownName(path, found, context, input), text: await found.readText(path) };
    },
    typed: (node) => {
      const definition = instructions.table.get(node.keyword);
      if (definition === undefined) throw new DockerfileError('UNKNOWN_INSTRUCTION', `unknown instruction: ${node.written}`, { range: node.keywordRange });
      return instructionOf(node, definition, undefined, node.escape ?? '\\');
    },
    parse: (file) => attachSource(file.name, file.text, () => parse(file, instructions)),
  };
}

function namedContext(name: string, { directories, images, stages }: AssembleParts['named']): BuildContext {
  const found = directories.get(name);
  if (found !== undefined) return found;
  if (images.has(name) || stages.has(name)) throw new DockerfileError('UNSUPPORTED', `the build context "${name}" is no directory`, { hint: 'only files of directories, archives and repositories can be included' });
  const near = suggest(name, directories.keys());
  throw new DockerfileError('SOURCE_MISSING', `there is no build context "${name}"`, { hint: near === undefined ? `give one with --build-context ${name}=PATH` : `did you mean "${near}"?` });
}

/** As the user would write it: seen from the working directory where the context is a directory of this machine. */
function shownName(path: string, { name }: BuildContext, context: string | undefined, { brought }: BuildInput): string {
  const clean = posix.normalize(path).replace(/^(?:\.?\.?\/)+/, '');
  if (context !== undefined) return `${context}:${clean}`;
  return brought === undefined ? posix.join(name, clean) : clean;
}

async function factsOf(dockerfile: Dockerfile, { input, instructions, signal }: AssembleParts): Promise<StageView['facts']> {
  const facts: Record<string, FactValue> = {};
  for (const definition of instructions.facts) {
    if (!definition.wanted(dockerfile)) continue;
    const sources: FactSources = { context: input.context(), signal, ...(input.brought === undefined ? {} : { brought: input.brought }) };
    facts[definition.name] = await definition.find(sources);
  }
  return Object.freeze(facts);
}
