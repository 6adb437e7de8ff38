import type { FastifyReply } from 'fastify';
import { errorMessage } from '../build/json-messages';
import type { Tell } from '../images/transfer-messages';
import type { ServerParts } from '../routes/server-parts';
import { MessageStream } from './message-stream';

/** Answers with messages as they are told. What fails before the first is a status, what fails later the last message. */
export async function streamed({ options }: Pick<ServerParts, 'options'>, reply: FastifyReply, work: (tell: Tell) => Promise<void>): Promise<FastifyReply> {
  const out = new MessageStream(reply, options.workDirectory);
  try {
    await work((message) => out.write(message));
  } catch (error) {
    if (!out.used) throw error;
    out.write(errorMessage(error));
  }
  out.end();
  return reply;
}
