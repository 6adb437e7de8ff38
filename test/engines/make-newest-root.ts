// Makes the root folder of the newest peers, once: `node scripts/run-ts.mjs test/engines/make-newest-root.ts`.
import { makeNewestRoot } from './newest-root';

makeNewestRoot().then(
  (folder) => process.stdout.write(`the newest peers are in ${folder}\n`),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
