import type { IncomingMessage } from 'node:http';

/** How long a client may go on sending what nobody reads any more, in milliseconds. */
const PATIENCE = 10_000;

/** Throws away what is left of a body, for a while: a client reads its answer only when all that it sends is taken. Then its connection ends. */
export function discardRest(body: IncomingMessage): void {
  if (body.complete || body.destroyed) return;
  body.resume();
  const timer = setTimeout(() => body.destroy(), PATIENCE).unref();
  for (const event of ['end', 'close'] as const) body.once(event, () => clearTimeout(timer));
}
