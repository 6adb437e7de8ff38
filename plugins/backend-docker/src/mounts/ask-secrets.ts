import { OperatorError, type Mount, type SecretMount, type SecretProvider, type SshProvider } from '@strake/api';

/** The values of a program's secrets, by ID; undefined for one that is not given. */
export type Secrets = ReadonlyMap<string, Buffer | undefined>;

/** Asks for the secrets of a program's mounts, each once. Throws SECRET_MISSING. */
export async function askSecrets(mounts: readonly Mount[], secrets: SecretProvider | undefined): Promise<Secrets> {
  const values = new Map<string, Buffer | undefined>();
  for (const mount of mounts) {
    if (mount.type !== 'secret') continue;
    if (!values.has(mount.id)) values.set(mount.id, await secrets?.get(mount.id));
    if (mount.required && values.get(mount.id) === undefined) throw new OperatorError('SECRET_MISSING', `secret ${mount.id}: not found`, { at: '--mount', hint: `give it: --secret id=${mount.id},src=FILE` });
  }
  return values;
}

/** A secret as a variable. One that is not given is empty, as in BuildKit. Throws USAGE for what no variable can hold. */
export function secretVariable({ id, env }: SecretMount, secrets: Secrets): readonly string[] {
  if (env === undefined) return [];
  const value = secrets.get(id)?.toString('utf8') ?? '';
  if (value.includes('\0')) throw new OperatorError('USAGE', `the secret ${id} holds a zero byte, which no variable can`, { hint: 'mount it as a file' });
  return [`${env}=${value}`];
}

/** The sockets of a program's agents, by ID; undefined for one that is not given. */
export type Agents = ReadonlyMap<string, string | undefined>;

/** Asks for the agents of a program's mounts. Throws SECRET_MISSING. */
export async function askAgents(mounts: readonly Mount[], ssh: SshProvider | undefined): Promise<Agents> {
  const sockets = new Map<string, string | undefined>();
  for (const mount of mounts) {
    if (mount.type !== 'ssh') continue;
    if (!sockets.has(mount.id)) sockets.set(mount.id, await ssh?.socket(mount.id));
    if (mount.required && sockets.get(mount.id) === undefined) throw new OperatorError('SECRET_MISSING', `no SSH key "${mount.id}" forwarded from the client`, { at: '--mount', hint: `give an agent or a key: --ssh ${mount.id}` });
  }
  return sockets;
}
