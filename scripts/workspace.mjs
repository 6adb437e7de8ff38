// Derives every tsconfig.json from the rooms' package.json files, and what all package.json files say alike (what is shipped, and how it is
// imported): `--write` makes them, `--check` refuses any that differ.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, rooms } from './rooms.mjs';

const all = rooms();
const dirOf = new Map(all.map((room) => [room.name, room.dir]));
const print = (value) => `${JSON.stringify(value, null, 2)}\n`;

function roomConfig(room) {
  const wanted = { ...room.manifest.dependencies, ...room.manifest.peerDependencies };
  const references = Object.keys(wanted).filter((name) => dirOf.has(name)).sort();
  return print({
    extends: '../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
    exclude: ['src/**/*.test.ts', 'src/test-support'],
    references: references.map((name) => ({ path: relative(join(root, room.dir), join(root, dirOf.get(name))) })),
  });
}

/** One CommonJS build, which Node gives to `import` and `require` alike: a plugin and strake must share one `@strake/api`, whoever loads it. Maps point at sources that are not shipped. */
const entry = {
  type: 'commonjs',
  main: 'dist/index.js',
  types: 'dist/index.d.ts',
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
};
const shipped = ['dist', '!dist/**/*.map', '!dist/.tsbuildinfo', 'README.md'];

/** The room's package.json with these fields in their places; whatever else it ships comes after. */
function roomManifest({ manifest }) {
  const { type, main, types, exports, files = [], ...rest } = manifest;
  const more = files.filter((file) => !shipped.includes(file));
  const fields = Object.entries(rest);
  const at = fields.findIndex(([name]) => name === 'license') + 1;
  return print(Object.fromEntries([...fields.slice(0, at), ...Object.entries(entry), ['files', [...shipped, ...more]], ...fields.slice(at)]));
}

const expected = new Map(all.flatMap((room) => [[`${room.dir}/tsconfig.json`, roomConfig(room)], [`${room.dir}/package.json`, roomManifest(room)]]));
expected.set('tsconfig.json', print({ files: [], references: all.map((room) => ({ path: room.dir })) }));

const stale = [...expected].filter(([file, text]) => {
  const path = join(root, file);
  return !existsSync(path) || readFileSync(path, 'utf8') !== text;
});

if (process.argv.includes('--write')) {
  for (const [file, text] of stale) writeFileSync(join(root, file), text);
  console.log(stale.length ? `wrote ${stale.map(([file]) => file).join(', ')}` : 'all derived files are up to date');
} else if (stale.length) {
  console.error(`out of date: ${stale.map(([file]) => file).join(', ')}\nrun: npm run sync`);
  process.exitCode = 1;
}
