import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** What dependency-cruiser objects to, as `rule: from -> to`. A process of its own: it is an ES module. */
function violations(): Promise<readonly string[]> {
  const command = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [command, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'packages', 'plugins'], { cwd: root, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (stdout === '') return reject(error ?? new Error(stderr));
      const { summary } = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } };
      resolve(summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`));
    });
  });
}

/** Violations sown into rooms, each in a file that goes away with the test; the rule that must find it. */
const seeds = [
  ['plugins/instruction-run', "import '@strake/oci';", 'instructions-know-the-contract-only'],
  ['plugins/instruction-copy', "import 'node:fs';", 'instructions-without-io'],
  ['packages/core', "import '@strake/solver';", 'core-knows-the-contract-only'],
  ['packages/core', "import 'node:child_process';", 'core-without-io'],
  ['packages/api', "import '@strake/core';", 'api-stands-alone'],
  ['packages/solver', "import 'tsyringe';", 'tsyringe-in-strake-only'],
  ['packages/cli', "import '@strake/solver';", 'cli-through-strake'],
  ['plugins/cache-content', "import '@strake/cache-none';", 'caches-exporters-sources'],
  ['packages/oci', "import 'strake';", 'no-way-back-to-the-root'],
] as const;

it('keeps to the table of who may import whom, without cycles', async () => {
  expect((await violations()).filter((line) => !line.includes('/sown-'))).toEqual([]);
}, 120_000);

it('finds every violation that is sown', async () => {
  const files = seeds.map(([room, text], index) => ({ path: join(root, room, 'src', `sown-${process.pid}`, `${index}.ts`), text }));
  try {
    for (const { path, text } of files) {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, `${text}\nexport {};\n`);
    }
    const found = await violations();
    const missed = seeds.filter(([room, , rule], index) => !found.some((line) => line.startsWith(`${rule}: ${room}/src/sown-${process.pid}/${index}.ts `)));
    expect(missed).toEqual([]);
  } finally {
    for (const { path } of files) rmSync(join(path, '..'), { recursive: true, force: true });
  }
}, 120_000);
