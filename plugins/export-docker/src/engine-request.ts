import { OperatorError } from '@strake/api';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { EngineAddress } from './engine-address';

/** An answer of the engine, read whole. */
export interface EngineAnswer {
  readonly status: number;
  readonly text: string;
}

/** The most that is read of an answer; what a load says is a few lines. */
const MOST = 4 << 20;

/** Asks a Docker Engine (its HTTP API, any version). `send` writes the body. Throws ENGINE's failure to answer as UNSUPPORTED. */
export async function engineRequest(address: EngineAddress, method: string, path: string, options: { readonly signal: AbortSignal; send?(body: ClientRequest): Promise<void> }): Promise<EngineAnswer> {
  const headers = options.send === undefined ? {} : { 'Content-Type': 'application/x-tar', 'Transfer-Encoding': 'chunked' };
  const asked = request({ ...address, method, path, headers, signal: options.signal });
  const answered = new Promise<IncomingMessage>((resolve, reject) => asked.once('response', resolve).once('error', reject));
  // An answer may come, and the connection go, before all is sent: then the answer is what counts.
  const sent = (options.send?.(asked) ?? Promise.resolve()).then(() => void asked.end(), (error: unknown) => {
    if (!asked.destroyed) asked.destroy(error as Error);
    return error;
  });
  try {
    const answer = await answered;
    return { status: answer.statusCode ?? 0, text: await textOf(answer) };
  } catch (cause) {
    const failure = await sent;
    if (failure instanceof OperatorError && failure.message !== 'the output was closed before all was written') throw failure;
    throw notAnswering(address, cause);
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) if (text.length < MOST) text += String(chunk);
  return text;
}

function notAnswering({ socketPath, host, port }: EngineAddress, cause: unknown): unknown {
  if ((cause as Error).name === 'AbortError') return cause;
  const where = socketPath ?? `${host}:${port}`;
  return new OperatorError('UNSUPPORTED', `no Docker Engine answers at ${where}: ${(cause as Error).message}`, {
    hint: 'Start it, or set DOCKER_HOST; an archive needs none: --output type=docker,dest=FILE.',
    cause,
  });
}
