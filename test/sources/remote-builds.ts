import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder } from '../builders/builder';
import type { CaseResult } from '../differential/build-case';
import type { Recordable } from '../differential/recorded-results';
import { readFacts } from '../image/image-facts';
import { addOddBranches, fillFileServer, type RemoteCase } from './remote-cases';
import { startRemoteServers, type RemoteServers } from './remote-servers';

/** Builds cases that bring something in, from servers that it starts. */
export class RemoteBuilds {
  readonly #folder: string;
  readonly #servers: RemoteServers;

  private constructor(folder: string, servers: RemoteServers) {
    this.#folder = folder;
    this.#servers = servers;
  }

  /** Starts the servers on files below a folder. */
  static async start(folder: string): Promise<RemoteBuilds> {
    const servers = await startRemoteServers(folder);
    addOddBranches(servers);
    fillFileServer(servers, folder);
    return new RemoteBuilds(folder, servers);
  }

  close(): Promise<void> {
    return this.#servers.close();
  }

  /** What a record of a case hangs on: what the case says, and what the servers have. */
  recordable(definition: RemoteCase): Recordable {
    const { files, repositories } = this.#servers;
    const hash = createHash('sha256').update(this.#named(JSON.stringify([this.#dockerfile(definition), this.#request(definition)])));
    for (const [path, answer] of files.answers) hash.update(path).update(typeof answer === 'function' ? '' : JSON.stringify({ ...answer, body: answer.body?.toString('base64') }));
    hash.update(repositories.git('for-each-ref'));
    return { file: join(__dirname, 'reference', `${fileName(definition)}.json`), digest: hash.digest('hex') };
  }

  /** Builds a case by one builder after the other. Hosts have names of their own in what they answer, so that it can be kept. */
  async build(definition: RemoteCase, builders: readonly Builder[]): Promise<readonly CaseResult[]> {
    const own = join(this.#folder, fileName(definition));
    mkdirSync(own);
    writeFileSync(join(own, 'Dockerfile'), this.#dockerfile(definition));
    writeFileSync(join(own, 'local'), 'of the context');
    const secrets = Object.entries(definition.secrets ?? {}).map(([id, value]) => {
      writeFileSync(join(own, `secret-${id}`), value);
      return [id, join(own, `secret-${id}`)] as const;
    });
    const results: CaseResult[] = [];
    for (const builder of builders) {
      const archive = join(own, `${builder.name}.tar`);
      const { code, output } = await builder.build({ ...this.#request(definition), ...this.#context(definition, own), secrets: Object.fromEntries(secrets), archive });
      const result: CaseResult = code === 0 ? { kind: 'built', facts: readFacts(archive) } : { kind: 'refused', line: null, output: output.slice(-4000) };
      results.push(JSON.parse(this.#named(JSON.stringify(result))) as CaseResult);
    }
    rmSync(own, { recursive: true, force: true });
    return results;
  }

  #context({ context }: RemoteCase, own: string): { readonly context: string; readonly dockerfile: string | undefined } {
    return context === undefined ? { context: own, dockerfile: join(own, 'Dockerfile') } : { context: context(this.#servers), dockerfile: undefined };
  }

  #dockerfile({ lines }: RemoteCase): string {
    return ['FROM example.test/base:1', ...(lines?.(this.#servers) ?? []), ''].join('\n');
  }

  #request({ buildArgs, buildContexts, ssh }: RemoteCase): { readonly buildArgs: RemoteCase['buildArgs']; readonly buildContexts: Readonly<Record<string, string>> | undefined; readonly sshKey: string | undefined } {
    return { buildArgs, buildContexts: buildContexts?.(this.#servers), sshKey: ssh === true ? this.#servers.key : undefined };
  }

  #named(text: string): string {
    const { files, git, guarded, daemon, ssh, key } = this.#servers;
    const names = [[files.url(''), 'http://files.example.test'], [git, 'http://git.example.test'], [guarded, 'http://guarded.example.test'], [daemon, 'git://git.example.test'], [ssh, 'ssh://git.example.test'], [key, 'KEY']] as const;
    return names.reduce((said, [host, name]) => said.replaceAll(host, name), text);
  }
}

const fileName = ({ name }: RemoteCase): string => name.toLowerCase().replace(/\W+/g, '-');
