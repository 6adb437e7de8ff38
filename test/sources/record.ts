// Records what the newest BuildKit makes of the cases that bring something in: part of `npm run record`.
import { baseImages } from '../bases/bases';
import { recordedBuilder, startBuilder } from '../builders/reference-builder';
import { RecordedResults } from '../differential/recorded-results';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { RemoteBuilds } from './remote-builds';
import { refusedRemoteCases, remoteCases } from './remote-cases';

async function main(): Promise<void> {
  const folder = makeFolder('record');
  const bases = (await baseImages()).slice(0, 1);
  const records = new RecordedResults(bases);
  const builder = recordedBuilder('buildkit') ?? '';
  const remote = await RemoteBuilds.start(folder);
  const buildkit = await startBuilder('buildkit');
  try {
    await buildkit.load(bases);
    for (const definition of [...remoteCases, ...refusedRemoteCases]) {
      const kept = remote.recordable(definition);
      if (records.find(kept, builder) !== undefined) continue;
      const [result] = await remote.build(definition, [buildkit]);
      if (result === undefined) throw new TypeError('every builder gives a result');
      records.keep(kept, builder, result);
      process.stdout.write(`${definition.name}: ${result.kind}\n`);
    }
  } finally {
    await buildkit.close();
    await remote.close();
    await removeFolder(folder);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  process.exitCode = 1;
});
