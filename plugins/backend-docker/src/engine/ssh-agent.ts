import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { EngineAddress } from './engine-address';
import { ProgramConnection } from './program-connection';

type SshAddress = EngineAddress & { readonly kind: 'ssh' };

/** Speaks with an engine through `ssh HOST docker system dial-stdio`, as Docker's client does: with the user's own SSH configuration. */
export class SshAgent extends Agent {
  private readonly address: SshAddress;
  private readonly env: NodeJS.ProcessEnv;

  constructor(address: SshAddress, env: NodeJS.ProcessEnv) {
    super({ keepAlive: true, maxSockets: 8 });
    this.address = address;
    this.env = env;
  }

  override createConnection(): Duplex {
    return new ProgramConnection('ssh', argumentsFor(this.address), this.env);
  }

  override keepSocketAlive(): boolean {
    return true;
  }

  override reuseSocket(): void {
    // Nothing to tell a pipe.
  }
}

function argumentsFor({ host, port, user, socket }: SshAddress): readonly string[] {
  const engine = socket === undefined ? '' : ` --host ${quoted(`unix://${socket}`)}`;
  return ['-o', 'ConnectTimeout=30', '-T', ...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', String(port)]), '--', host, `docker${engine} system dial-stdio`];
}

/** One word for the shell of the other side. */
const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
