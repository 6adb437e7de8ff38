// What the packages promise to programs, as text: `--write` makes docs/api/*.api.md of what `npm run build` compiled, `--check` refuses any that differ.
// `--from FOLDER` takes the declarations of another place: `FOLDER/packages/strake/dist/index.d.ts`; `--only NAME` looks at one of them.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './rooms.mjs';

/** By the report's name: the package, and those whose types are its own to its users. */
const REPORTS = {
  api: { dir: 'packages/api', own: [] },
  strake: { dir: 'packages/strake', own: ['@strake/secrets', '@strake/registry', '@strake/checks', '@strake/oci'] },
  testing: { dir: 'packages/testing', own: [] },
};

const silent = { default: { logLevel: 'none' } };
const options = { target: 'es2022', lib: ['es2023'], module: 'node16', moduleResolution: 'node16', types: ['node'], strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true };

function report(name, { dir, own }, from, scratch, write) {
  const entry = join(from, dir, 'dist/index.d.ts');
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: join(from, dir),
      mainEntryPointFilePath: entry,
      bundledPackages: own,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions: options, files: [entry] } },
      apiReport: { enabled: true, reportFileName: `${name}.api.md`, reportFolder: join(root, 'docs/api'), reportTempFolder: scratch, includeForgottenExports: true },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { extractorMessageReporting: silent, tsdocMessageReporting: silent, compilerMessageReporting: { default: { logLevel: 'error' } } },
    },
    configObjectFullPath: join(from, dir, 'api-extractor.json'),
    packageJsonFullPath: join(from, dir, 'package.json'),
  });
  const { apiReportChanged, errorCount } = Extractor.invoke(config, { localBuild: write, messageCallback: (message) => void (message.handled = message.logLevel !== 'error') });
  if (errorCount > 0) throw new Error(`${name} cannot be read`);
  return apiReportChanged;
}

/** The first line that is not in the other text. */
function firstChange(name, scratch) {
  const lines = (file) => readFileSync(file, 'utf8').split('\n');
  const [kept, made] = [lines(join(root, 'docs/api', `${name}.api.md`)), lines(join(scratch, `${name}.api.md`))];
  const at = made.findIndex((line, index) => line !== kept[index]);
  return `docs/api/${name}.api.md:${at + 1}: ${made[at] ?? 'ends here'}`;
}

const write = process.argv.includes('--write');
const valueOf = (flag) => (process.argv.includes(flag) ? process.argv[process.argv.indexOf(flag) + 1] : undefined);
const from = valueOf('--from') ?? root;
const only = valueOf('--only');
const scratch = mkdtempSync(join(tmpdir(), 'strake-api-'));
try {
  const changed = Object.entries(REPORTS).filter(([name]) => only === undefined || name === only).filter(([name, one]) => report(name, one, from, scratch, write)).map(([name]) => name);
  if (write) console.log(changed.length > 0 ? `wrote ${changed.join(', ')}` : 'docs/api is up to date');
  else if (changed.length > 0) {
    console.error(`a public type is not what docs/api says:\n${changed.map((name) => `  ${firstChange(name, scratch)}`).join('\n')}\nIf it is meant: npm run api, and say in the commit why.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
