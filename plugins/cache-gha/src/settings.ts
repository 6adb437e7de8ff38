import { OperatorError, parseGoDuration } from '@strake/api';

/** The service, and who asks it. */
export interface Access {
  /** Without a path. */
  readonly url: URL;
  readonly token: string;
  /** 2 is that of github.com; 1 is still that of GitHub Enterprise Server. */
  readonly version: 1 | 2;
}

/** GitHub's REST API, which lists what is there in few requests. */
export interface Listing {
  readonly url: URL;
  readonly repository: string;
  readonly token: string;
}

/** Where a cache lies, and how it is asked for. */
export interface GhaSettings {
  readonly scope: string;
  /** Milliseconds for one layer, or the document. */
  readonly timeout: number;
  /** Or why there is none. */
  readonly access: Access | OperatorError;
  readonly listing?: Listing;
}

/** What a place was written with, and in which option: for messages. */
export interface Written {
  readonly option: '--cache-from' | '--cache-to';
  readonly attributes: Readonly<Record<string, string>>;
}

const TEN_MINUTES = 600_000;
/** Keys have at most 512 characters and no comma (actions/cache). */
const SCOPE = /^[^,\u0000-\u001f\u007f]{1,400}$/;
const HINT = 'Scripts of a workflow do not see ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL unless a step hands them on, as crazy-max/ghaction-github-runtime does.';

/** Reads attributes as buildx's and BuildKit's `type=gha` have them. Throws USAGE. */
export function readSettings(written: Written, env: NodeJS.ProcessEnv): GhaSettings {
  const { attributes } = written;
  const { scope = 'buildkit' } = attributes;
  if (!SCOPE.test(scope)) throw invalid(written, 'scope', 'A scope has 1 to 400 characters, and no comma.');
  const listing = listingOf(written, env);
  return { scope, timeout: timeoutOf(written), access: accessOf(written, env), ...(listing === undefined ? {} : { listing }) };
}

function timeoutOf(written: Written): number {
  const value = written.attributes['timeout'];
  if (value === undefined) return TEN_MINUTES;
  const nanoseconds = parseGoDuration(value);
  if (nanoseconds !== undefined && nanoseconds >= 1e6) return Math.min(nanoseconds / 1e6, 2 ** 31 - 1);
  throw invalid(written, 'timeout', 'Write a duration as 90s or 10m.');
}

function accessOf(written: Written, env: NodeJS.ProcessEnv): Access | OperatorError {
  const { option, attributes } = written;
  const asked = attributes['version'];
  if (asked !== undefined && asked !== '1' && asked !== '2') throw invalid(written, 'version', 'Choose 1 or 2.');
  const second = attributes['url_v2'] || (asked === '2' || (asked === undefined && isSecond(env)) ? env['ACTIONS_RESULTS_URL'] : undefined);
  const first = attributes['url'] || env['ACTIONS_CACHE_URL'] || env['ACTIONS_RESULTS_URL'];
  const usesSecond = asked !== '1' && Boolean(second);
  const text = usesSecond ? second : first;
  const token = attributes['token'] || env['ACTIONS_RUNTIME_TOKEN'];
  if (!token) return new OperatorError('USAGE', `${option} type=gha: there is no token`, { hint: HINT });
  if (!text) return new OperatorError('USAGE', `${option} type=gha: the address of the service is not known`, { hint: HINT });
  const name = usesSecond ? 'url_v2' : 'url';
  const url = addressOf(text, `${option} type=gha: ${name}`);
  return { url, token, version: usesSecond || (asked === undefined && /(?:^|\.)results-receiver\.actions\.githubusercontent\.com$/.test(url.hostname)) ? 2 : 1 };
}

/** GitHub Enterprise Server does not have the second version, whatever its runners say. */
function isSecond(env: NodeJS.ProcessEnv): boolean {
  const server = env['GITHUB_SERVER_URL'] || 'https://github.com';
  const enterprise = !URL.canParse(server) || !/(?:^github\.com|\.ghe\.com|\.localhost)$/i.test(new URL(server).hostname);
  return !enterprise && !/^(?:|0|f|false)$/i.test(env['ACTIONS_CACHE_SERVICE_V2'] ?? '');
}

function listingOf({ option, attributes }: Written, env: NodeJS.ProcessEnv): Listing | undefined {
  const { repository, ghtoken: token } = attributes;
  if (!repository && !token) return undefined;
  if (!repository || !token) throw new OperatorError('USAGE', `${option} type=gha: ${repository ? 'repository' : 'ghtoken'} is given alone`, { hint: 'Give repository=OWNER/NAME and ghtoken, or none of them.' });
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw invalid({ option, attributes }, 'repository', 'Write OWNER/NAME.');
  return { repository, token, url: addressOf(env['GITHUB_API_URL'] || 'https://api.github.com', 'GITHUB_API_URL') };
}

function addressOf(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') throw new OperatorError('USAGE', `${what} is no address`, { hint: 'Write https://HOST/.' });
  return url;
}

function invalid({ option, attributes }: Written, name: string, hint: string): OperatorError {
  return new OperatorError('USAGE', `${option} type=gha: ${name}=${attributes[name] ?? ''} is not valid`, { hint });
}
