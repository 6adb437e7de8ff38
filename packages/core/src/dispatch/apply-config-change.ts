import type { ConfigChange, ContainerConfig } from '@strake/api';

type Mutable = { -readonly [K in keyof ContainerConfig]: ContainerConfig[K] };

/** The config after a change: lists and maps merged, null removes, the rest replaces. */
export function applyConfigChange(config: ContainerConfig, change: ConfigChange): ContainerConfig {
  const next: Mutable = { ...config };
  if (change.env) next.Env = change.env.reduce(setVariable, config.Env ?? []);
  if (change.labels) next.Labels = { ...config.Labels, ...change.labels };
  if (change.exposedPorts) next.ExposedPorts = { ...config.ExposedPorts, ...keys(change.exposedPorts) };
  if (change.volumes) next.Volumes = { ...config.Volumes, ...keys(change.volumes) };
  if (change.cmd !== undefined) replace(next, 'Cmd', change.cmd);
  if (change.entrypoint !== undefined) replace(next, 'Entrypoint', change.entrypoint);
  if (change.cmd) next.ArgsEscaped = true;
  if (change.user !== undefined) next.User = change.user;
  if (change.workingDir !== undefined) next.WorkingDir = change.workingDir;
  if (change.stopSignal !== undefined) next.StopSignal = change.stopSignal;
  if (change.shell) next.Shell = change.shell;
  if (change.healthcheck) next.Healthcheck = change.healthcheck;
  if (change.onBuild) next.OnBuild = [...(config.OnBuild ?? []), ...change.onBuild];
  return next;
}

/** The fields of the config that a change sets. A CMD that is only cleared does not count. */
export function changedFields(change: ConfigChange): readonly (keyof ContainerConfig)[] {
  const names: Partial<Record<keyof ConfigChange, keyof ContainerConfig>> = {
    env: 'Env', labels: 'Labels', exposedPorts: 'ExposedPorts', volumes: 'Volumes', entrypoint: 'Entrypoint', user: 'User',
    workingDir: 'WorkingDir', stopSignal: 'StopSignal', shell: 'Shell', healthcheck: 'Healthcheck', onBuild: 'OnBuild',
  };
  const found = Object.keys(change).flatMap((key) => names[key as keyof ConfigChange] ?? []);
  return change.cmd ? [...found, 'Cmd'] : found;
}

function setVariable(env: readonly string[], { name, value }: { readonly name: string; readonly value: string }): readonly string[] {
  const entry = `${name}=${value}`;
  const at = env.findIndex((existing) => existing.startsWith(`${name}=`));
  return at < 0 ? [...env, entry] : env.with(at, entry);
}

function replace(config: Mutable, field: 'Cmd' | 'Entrypoint', words: readonly string[] | null): void {
  if (words === null) delete config[field];
  else config[field] = words;
}

function keys(names: readonly string[]): Record<string, Record<string, never>> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}
