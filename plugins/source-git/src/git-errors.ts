import { DockerfileError, OperatorError, printableUrl } from '@strake/api';
import { GitFailure } from './run-git';

const DENIED = /Authentication failed|could not read (Username|Password)|Permission denied|returned error: 40[13]|Host key verification failed|HOST IDENTIFICATION HAS CHANGED|Too many authentication failures/i;
const ABSENT = /repository '?.*'? not found|returned error: 404|does not appear to be a git repository|is this a git repository|repository not exported|not a git repository|No such (file|repository)|'\/?.*': unable to chdir/i;

/** What git's words about a remote repository amount to. Errors of strake's own pass. */
export function remoteError(error: unknown, remote: string): unknown {
  if (!(error instanceof GitFailure)) return error;
  const shown = printableUrl(remote);
  const { said } = error;
  const details = { at: remote, notes: said === '' ? [] : said.split('\n').map((line) => `git: ${printableUrl(line)}`), cause: error };
  if (DENIED.test(said)) return new OperatorError('SOURCE_DENIED', `${shown} may not be read`, { ...details, hint: deniedHint(remote, said) });
  if (ABSENT.test(said)) return new DockerfileError('SOURCE_MISSING', `${shown} is not a git repository, or not for everybody`, { ...details, hint: 'check the address; a private one needs the secret GIT_AUTH_TOKEN or --ssh' });
  return new OperatorError('SOURCE_UNREACHABLE', `${shown} cannot be read`, { ...details, hint: 'Check the address and the connection; behind a proxy set HTTPS_PROXY.' });
}

/** What git says names whoever refused: a submodule's host, perhaps. */
function deniedHint(remote: string, said: string): string {
  const [, refusing] = /'https?:\/\/(?:[^/@']*@)?([^/@']+)/.exec(said) ?? [];
  const isHttp = /^https?:/.test(remote);
  if (refusing !== undefined && (!isHttp || new URL(remote).host !== refusing)) return `A submodule is on another host: give the secret GIT_AUTH_TOKEN.${refusing}.`;
  if (isHttp && !/publickey|host key|IDENTIFICATION/i.test(said)) return `Give the secret GIT_AUTH_TOKEN, or GIT_AUTH_TOKEN.${new URL(remote).host} for this host only.`;
  if (/host key|IDENTIFICATION/i.test(said)) return 'The host is not who it was. If that is right, remove its old key from the known hosts.';
  return 'Give an agent that has a key for it: --ssh default.';
}
