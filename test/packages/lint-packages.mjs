// What publint and are-the-types-wrong say of tarballs: `node lint-packages.mjs FILE.tgz…` prints a line for each problem. In a process of its own,
// because both are ES modules, which jest cannot load.
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** That of the time before `exports`: Node of today does not resolve so. */
const OLD = 'node10';

async function problemsOf(file) {
  const bytes = readFileSync(file);
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) }, strict: true });
  const { problems = [] } = await checkPackage(createPackageFromTarballData(bytes));
  return [
    ...messages.map((message) => formatMessage(message, pkg) ?? message.code),
    ...problems.filter(({ resolutionKind }) => resolutionKind !== OLD).map((problem) => JSON.stringify(problem)),
  ];
}

for (const file of process.argv.slice(2)) {
  for (const problem of await problemsOf(file)) console.log(`${basename(file)}: ${problem}`);
}
