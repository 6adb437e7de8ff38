import { OperatorError, StrakeError, type Dockerfile, type ImageConfigFile } from '@strake/api';
import type { BuildOptions } from '../build/build-options';
import type { Plan } from '../plan/plan-types';

/** The instructions that change nothing but a config. */
const CHANGES: ReadonlySet<string> = new Set(['CMD', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'ONBUILD', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR']);

/** With what instructions are understood. */
export interface ChangeParts {
  readonly parse: (text: string, file: string) => Promise<Dockerfile>;
  readonly plan: (options: BuildOptions) => Promise<Plan>;
}

/** Platform and config of an image that has nothing but what instructions say, as `docker import --change` has them. Throws USAGE. */
export async function changedConfig(changes: readonly string[], platform: string | undefined, { parse, plan }: ChangeParts): Promise<Omit<ImageConfigFile, 'history' | 'rootfs'>> {
  const text = `FROM scratch\n${changes.join('\n')}\n`;
  try {
    const [, ...given] = (await parse(text, '--change')).instructions;
    const other = given.find(({ keyword }) => !CHANGES.has(keyword));
    if (other !== undefined) throw new OperatorError('USAGE', `${other.keyword} is not a valid change command`);
    const { config: { config, architecture, os, variant } } = await plan({ context: { files: {} }, dockerfile: { text, name: '--change' }, ...(platform === undefined ? {} : { platform }) });
    const keywords = new Set(given.map(({ keyword }) => keyword));
    return { architecture, os, ...(variant === undefined ? {} : { variant }), config: withoutDefaults(config, { path: /\bPATH\b/.test(changes.join('\n')), directory: keywords.has('WORKDIR') }) };
  } catch (error) {
    if (!(error instanceof StrakeError) || (error instanceof OperatorError && error.code === 'USAGE')) throw error;
    throw new OperatorError('USAGE', error.message, { cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) });
  }
}

/** What a stage on nothing begins with, which an import does not. */
const DEFAULTS: ReadonlySet<string> = new Set(['ArgsEscaped', 'Env', 'WorkingDir']);

function withoutDefaults(config: ImageConfigFile['config'], said: { readonly path: boolean; readonly directory: boolean }): ImageConfigFile['config'] {
  const { Env = [], WorkingDir } = config;
  const env = said.path ? Env : Env.filter((pair) => !pair.startsWith('PATH='));
  const rest = Object.fromEntries(Object.entries(config).filter(([name]) => !DEFAULTS.has(name)));
  return { ...rest, ...(env.length === 0 ? {} : { Env: env }), ...(said.directory && WorkingDir !== undefined ? { WorkingDir } : {}) };
}
