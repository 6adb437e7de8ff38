import strake = require('strake');
import api = require('@strake/api');

async function main(): Promise<void> {
  const builder: strake.Builder = await strake.createBuilder({ store: process.argv[2] });
  const run = builder.start({ context: { files: { Dockerfile: 'FROM scratch\nWORKDIR /a\n' } } });
  const types: strake.BuildEvent['type'][] = [];
  for await (const event of run.events) types.push(event.type);
  const { imageId } = await run.result;
  const failure: unknown = await builder.build({ context: { files: {} } }).catch((error: unknown) => error);
  await builder.close();
  const version = run.events.version === api.BUILD_EVENTS_VERSION;
  process.stdout.write(JSON.stringify({ types, id: imageId.slice(0, 7), version, sameClass: failure instanceof api.StrakeError && failure instanceof strake.StrakeError }));
}

void main();
