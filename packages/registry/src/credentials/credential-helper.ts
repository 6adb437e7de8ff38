import { OperatorError } from '@strake/api';
import { spawn } from 'node:child_process';
import { printable } from '../http/printable';
import { IDENTITY_USER, type Credential } from './credential';

const MOST_OUTPUT = 1 << 20;
const LONGEST_RUN = 60_000;

/** Asks `docker-credential-NAME get` (docker-credential-helpers); undefined when it has nothing. Throws REGISTRY_DENIED when it cannot be asked. */
export async function askHelper(helper: string, server: string, env: NodeJS.ProcessEnv): Promise<Credential | undefined> {
  const { code, output } = await runHelper(helper, 'get', server, env);
  if (code !== 0 && /credentials not found|no credentials/i.test(output)) return undefined;
  if (code !== 0) throw failed(helper, printable(output));
  const { Username: username, Secret: secret } = parse(helper, output);
  if (typeof secret !== 'string' || secret === '') return undefined;
  if (username === IDENTITY_USER) return { kind: 'identity', token: secret };
  return typeof username === 'string' && username !== '' ? { kind: 'password', username, password: secret } : undefined;
}

/** Gives a helper a credential to keep. */
export async function storeWithHelper(helper: string, server: string, credential: Credential, env: NodeJS.ProcessEnv): Promise<void> {
  const known = credential.kind === 'password' ? { Username: credential.username, Secret: credential.password } : { Username: IDENTITY_USER, Secret: credential.token };
  const { code, output } = await runHelper(helper, 'store', JSON.stringify({ ServerURL: server, ...known }), env);
  if (code !== 0) throw failed(helper, printable(output));
}

/** Makes a helper forget. One that had nothing is content. */
export async function eraseFromHelper(helper: string, server: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await runHelper(helper, 'erase', server, env);
  if (code !== 0 && !/not found|no credentials/i.test(output)) throw failed(helper, printable(output));
}

function parse(helper: string, output: string): { readonly Username?: unknown; readonly Secret?: unknown } {
  try {
    return JSON.parse(output) as object;
  } catch {
    // What it printed may be a secret: it is not shown.
    throw failed(helper, 'it answered no JSON');
  }
}

function runHelper(helper: string, action: string, input: string, env: NodeJS.ProcessEnv): Promise<{ readonly code: number; readonly output: string }> {
  if (!/^[\w.-]+$/.test(helper)) throw failed(helper, 'that is no name of a helper');
  return new Promise((resolve, reject) => {
    // spawn's own timeout would keep the process alive after a helper that cannot be started.
    const child = spawn(`docker-credential-${helper}`, [action], { env, stdio: ['pipe', 'pipe', 'pipe'], signal: AbortSignal.timeout(LONGEST_RUN), killSignal: 'SIGKILL' });
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(0, MOST_OUTPUT)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(0, MOST_OUTPUT)));
    child.on('error', (cause) => reject(failed(helper, cause.message, cause)));
    // A helper says what is wrong on its standard output.
    child.on('close', (code) => resolve({ code: code ?? 1, output: code === 0 ? output : output || errors || 'it was ended' }));
    child.stdin.on('error', () => undefined).end(input);
  });
}

function failed(helper: string, what: string, cause?: unknown): OperatorError {
  return new OperatorError('REGISTRY_DENIED', `the credential helper docker-credential-${printable(helper, 60)} failed: ${what}`, {
    hint: 'Install it, or take it out of credsStore and credHelpers in the configuration of docker.', ...(cause === undefined ? {} : { cause }),
  });
}
