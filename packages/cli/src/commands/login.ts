import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import { print, type Terminal } from '../terminal';
import { registryFlags } from './registry-flags';
import { withBuilder } from './with-builder';

/** `strake login` */
export const login = defineCommand({
  name: 'login',
  usage: '[OPTIONS] [SERVER]',
  summary: 'Authenticate to a registry; without a server to Docker Hub',
  flags: {
    ...registryFlags,
    password: { type: 'string', short: 'p', placeholder: 'string', summary: 'Password or personal access token' },
    'password-stdin': { type: 'boolean', summary: 'Take the password from stdin' },
    username: { type: 'string', short: 'u', placeholder: 'string', summary: 'Username' },
  },
  arguments: { min: 0, max: 1 },
  async run(invocation) {
    const { flags, args: [server = 'docker.io'], terminal, signal } = invocation;
    if (flags.password !== undefined && flags['password-stdin']) throw new UsageError('strake login', '--password and --password-stdin are mutually exclusive');
    if (flags['password-stdin'] && flags.username === undefined) throw new UsageError('strake login', 'Must provide --username with --password-stdin');
    if (flags.password !== undefined) terminal.stderr.write('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n');
    await withBuilder(invocation, async (builder) => {
      const username = flags.username ?? (await ask(terminal, signal, userPrompt(await builder.registries().userOf(server)), false)) ?? '';
      const named = username === '' ? ((await builder.registries().userOf(server)) ?? '') : username;
      const password = flags['password-stdin'] ? (await text(terminal.stdin)).replace(/\r?\n$/, '') : (flags.password ?? (await ask(terminal, signal, 'Password: ', true)));
      if (named === '') throw new UsageError('strake login', 'username is empty');
      if (password === '') throw new UsageError('strake login', 'password is empty');
      const { file, helper } = await builder.registries().logIn(server, { username: named, password, insecure: flags['insecure-registry'], signal });
      if (helper === undefined) terminal.stderr.write(`WARNING! Your credentials are stored unencrypted in '${file}'.\nConfigure a credential helper (credsStore in that file) to remove this warning.\n`);
      print(terminal, 'Login Succeeded');
    });
    return exitCodes.success;
  },
});

function userPrompt(known: string | undefined): string {
  return known === undefined ? 'Username: ' : `Username (${known}): `;
}

/** Asks on the terminal; what is typed is hidden when it is secret. Throws UsageError when nobody can be asked. */
async function ask(terminal: Terminal, signal: AbortSignal, question: string, hidden: boolean): Promise<string> {
  if ((terminal.stdin as { isTTY?: boolean }).isTTY !== true) {
    throw new UsageError('strake login', 'nobody can be asked: standard input is no terminal', 'use --username and --password-stdin');
  }
  terminal.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const questions = createInterface({ input: terminal.stdin, output: hidden ? silent : terminal.stderr, terminal: hidden });
  try {
    return (await questions.question('', { signal })).trim();
  } finally {
    questions.close();
    if (hidden) terminal.stderr.write('\n');
  }
}
