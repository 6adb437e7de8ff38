import { createBuilder } from 'strake';
import { createService, listen } from './service';

/** `node main.js`: serves until it is stopped. */
async function main(): Promise<void> {
  const builder = await createBuilder();
  const server = createService(builder);
  process.stdout.write(`listening on ${await listen(server)}\n`);
  process.once('SIGTERM', () => server.close(() => void builder.close()));
}

void main();
