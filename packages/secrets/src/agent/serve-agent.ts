import { connect, type Socket } from 'node:net';
import type { KeyAgent } from './key-agent';
import { ALLOWED, frame, MESSAGE, MessageReader } from './messages';

/** Answers one connection with keys. */
export function serveKeys(client: Socket, agent: KeyAgent): void {
  onMessages(client, (message) => client.write(agent.answer(message)));
}

/** Passes what a build may ask to another agent; everything else fails, as if that agent could not do it. */
export function serveSocket(client: Socket, path: string): void {
  const agent = connect(path);
  const answers = new MessageReader();
  /** What waits for its turn: a message to pass on, or undefined for one to refuse. */
  const waiting: (Buffer | undefined)[] = [];
  let asked = false;
  const next = (): void => {
    while (!asked && waiting.length > 0) {
      const message = waiting.shift();
      if (message === undefined) client.write(frame(Buffer.from([MESSAGE.FAILURE])));
      else {
        asked = true;
        agent.write(frame(message));
      }
    }
  };
  onMessages(client, (message) => {
    waiting.push(ALLOWED.has(message[0] ?? 0) ? message : undefined);
    next();
  });
  agent.on('data', (data) => {
    for (const message of cut(answers, data, agent)) {
      client.write(frame(message));
      asked = false;
    }
    next();
  });
  agent.on('error', () => client.destroy());
  agent.on('close', () => client.destroy());
  client.on('close', () => agent.destroy());
}

function onMessages(client: Socket, receive: (message: Buffer) => void): void {
  const reader = new MessageReader();
  client.on('error', () => client.destroy());
  client.on('data', (data) => cut(reader, data, client).forEach(receive));
}

/** Who sends nonsense is not talked to any more. */
function cut(reader: MessageReader, data: Buffer, from: Socket): readonly Buffer[] {
  try {
    return reader.add(data);
  } catch {
    from.destroy();
    return [];
  }
}
