import { DockerfileError, type Lowered } from '@strake/api';
import { jsonWord, quoted } from './quoted';

/** The lines that change the config as an instruction does. Throws UNSUPPORTED. */
export function configLines({ config = {}, ops = [] }: Lowered, escape: '\\' | '`'): readonly string[] {
  const pairs = (keyword: string, entries: readonly (readonly [string, string])[]) => (entries.length === 0 ? [] : [`${keyword} ${entries.map(([name, value]) => `${/^[\w./-]+$/.test(name) ? name : one(name, keyword, escape)}=${one(value, keyword, escape)}`).join(' ')}`]);
  const { env = [], labels = {}, exposedPorts = [], volumes = [], cmd, entrypoint, user, workingDir, stopSignal, shell, healthcheck, onBuild = [], author } = config;
  if (healthcheck !== undefined) throw unsayable('a health check of a plugin');
  if (cmd === null || entrypoint === null) throw unsayable('a config without a program, where the base has one,');
  const made = ops.some((op) => op.type === 'mkdir' && op.path === workingDir);
  return [
    ...pairs('ENV', env.map(({ name, value }) => [name, value] as const)),
    ...pairs('LABEL', Object.entries(labels)),
    ...(exposedPorts.length === 0 ? [] : [`EXPOSE ${exposedPorts.join(' ')}`]),
    ...(volumes.length === 0 ? [] : [`VOLUME [${volumes.map((volume) => jsonWord(volume, escape)).join(', ')}]`]),
    ...(user === undefined ? [] : [`USER ${one(user, 'USER', escape)}`]),
    ...(workingDir === undefined || made ? [] : [`WORKDIR ${one(workingDir, 'WORKDIR', escape)}`]),
    ...(stopSignal === undefined ? [] : [`STOPSIGNAL ${stopSignal}`]),
    ...(shell === undefined ? [] : [`SHELL ${JSON.stringify(shell)}`]),
    ...(entrypoint === undefined ? [] : [`ENTRYPOINT ${JSON.stringify(entrypoint)}`]),
    ...(cmd === undefined ? [] : [`CMD ${JSON.stringify(cmd)}`]),
    ...onBuild.map((text) => `ONBUILD ${line(text, 'a trigger')}`),
    ...(author === undefined ? [] : [`MAINTAINER ${line(author, 'an author')}`]),
  ];
}

function one(value: string, keyword: string, escape: '\\' | '`'): string {
  if (/[\r\n]/.test(value)) throw unsayable(`a value of ${keyword} with several lines`);
  return quoted(value, escape);
}

function line(text: string, what: string): string {
  if (/[\r\n]/.test(text)) throw unsayable(`${what} with several lines`);
  return text;
}

/** What no plain instruction can say. */
export function unsayable(what: string): DockerfileError {
  return new DockerfileError('UNSUPPORTED', `${what} cannot be said in a plain Dockerfile`);
}
