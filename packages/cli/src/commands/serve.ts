import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FlagValues, FlagSpecs } from '../argv/flag';
import { defineCommand, type Invocation } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { parseSize } from '../build/parse-size';
import { exitCodes } from '../exit-codes';
import type { Builder } from '../library';
import { version } from '../version';
import { withBuilder, type MakeBuilder } from './with-builder';

const flags = {
  host: { type: 'list', short: 'H', placeholder: 'address', summary: 'Where to listen: unix:///path, tcp://host:port, fd:// (systemd)', default: 'unix:///run/strake.sock' },
  tlscacert: { type: 'string', placeholder: 'file', summary: 'Trust clients whose certificate this CA signed', complete: 'file' },
  tlscert: { type: 'string', placeholder: 'file', summary: 'Certificate of tcp addresses', complete: 'file' },
  tlskey: { type: 'string', placeholder: 'file', summary: 'Key of that certificate', complete: 'file' },
  'token-file': { type: 'string', placeholder: 'file', summary: 'Trust clients of tcp addresses that send a token of this file, one a line (Authorization: Bearer)', complete: 'file' },
  'max-builds': { type: 'string', placeholder: 'number', summary: 'Builds at once; the others wait', default: 'number of processors' },
  'max-waiting': { type: 'string', placeholder: 'number', summary: 'Builds that may wait; further ones are refused', default: '100' },
  'max-context': { type: 'string', placeholder: 'bytes', summary: 'Size of a build context', default: '10g' },
  'shutdown-timeout': { type: 'string', placeholder: 'seconds', summary: 'How long builds may go on after SIGTERM', default: '30' },
  'log-level': { type: 'string', summary: 'Least level of log lines: debug, info, warn, error, silent', default: '"info"', choices: ['debug', 'info', 'warn', 'error', 'silent'] },
} as const satisfies FlagSpecs;

type Flags = FlagValues<typeof flags>;

/** `strake serve` */
export const serve = defineCommand({
  name: 'serve',
  usage: '[OPTIONS]',
  summary: 'Serve builds and images to Docker clients',
  flags,
  arguments: { min: 0, max: 0 },
  async run(invocation) {
    return withBuilder(invocation, (builder, another) => serveUntil(invocation, { builder, another }));
  },
});

async function serveUntil({ signal, second, flags: given, terminal }: Invocation<typeof flags>, { builder, another }: { readonly builder: Builder; readonly another: MakeBuilder }): Promise<number> {
  // Loaded here: no other command needs a web server.
  const { createServer, parseAddress } = await import('@strake/server');
  const addresses = (given.host.length > 0 ? given.host : ['unix:///run/strake.sock']).map(parseAddress);
  const [tls, tokens] = [tlsOf(given, terminal.cwd), tokensOf(given, terminal.cwd)];
  if (tls === undefined && tokens === undefined && addresses.some(({ kind }) => kind === 'tcp')) {
    throw new UsageError('strake serve', 'a tcp address needs --tlscacert, --tlscert and --tlskey, or --token-file', 'whoever can build here is root on this machine');
  }
  const workDirectory = mkdtempSync(join(tmpdir(), 'strake-serve-'));
  const server = createServer({
    builder, builderWith: (credentials) => another({ credentials }), version, workDirectory, logLevel: given['log-level'] ?? 'info',
    parallelBuilds: numberOf(given['max-builds'], 'max-builds', availableParallelism()),
    waitingBuilds: numberOf(given['max-waiting'], 'max-waiting', 100),
    contextLimit: bytesOf(given['max-context'] ?? '10g'),
    logTo: { write: (line) => void terminal.stderr.write(line) },
    ...(tokens === undefined ? {} : { tokens }),
  });
  const wait = numberOf(given['shutdown-timeout'], 'shutdown-timeout', 30) * 1000;
  try {
    for (const address of addresses) await server.listen(address, address.kind === 'tcp' ? tls : undefined);
    if (!signal.aborted) await new Promise((stop) => signal.addEventListener('abort', stop, { once: true }));
    return exitCodes.success;
  } finally {
    await server.close(wait, second());
    rmSync(workDirectory, { recursive: true, force: true });
  }
}

function tlsOf({ tlscacert, tlscert, tlskey }: Flags, cwd: string) {
  if (tlscacert === undefined && tlscert === undefined && tlskey === undefined) return undefined;
  const read = (file: string | undefined): Buffer => {
    if (file === undefined) throw new UsageError('strake serve', '--tlscacert, --tlscert and --tlskey go together');
    return readFileSync(resolve(cwd, file));
  };
  return { ca: read(tlscacert), cert: read(tlscert), key: read(tlskey) };
}

/** One a line. Throws UsageError for one that could be guessed. */
function tokensOf({ 'token-file': file }: Flags, cwd: string): readonly string[] | undefined {
  if (file === undefined) return undefined;
  const tokens = readFileSync(resolve(cwd, file), 'utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '');
  if (tokens.length === 0) throw new UsageError('strake serve', `there is no token in ${file}`);
  if (tokens.some((token) => token.length < 16)) throw new UsageError('strake serve', `a token in ${file} has fewer than 16 characters`);
  return tokens;
}

function numberOf(text: string | undefined, name: string, standard: number): number {
  if (text === undefined) return standard;
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw new UsageError('strake serve', `--${name}: not a number above 0: ${text}`);
  return Number(text);
}

/** `512m`, `10g`; as docker, units of 1024. */
function bytesOf(text: string): number {
  const size = parseSize(text);
  if (size === undefined || size === 0) throw new UsageError('strake serve', `--max-context: not a size: ${text}`);
  return size;
}
