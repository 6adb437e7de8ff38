// Derives every tsconfig.json from the rooms' package.json files: `--write` makes them, `--check` refuses any that differ.
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

const expected = new Map(all.map((room) => [`${room.dir}/tsconfig.json`, roomConfig(room)]));
expected.set('tsconfig.json', print({ files: [], references: all.map((room) => ({ path: room.dir })) }));

const stale = [...expected].filter(([file, text]) => {
  const path = join(root, file);
  return !existsSync(path) || readFileSync(path, 'utf8') !== text;
});

if (process.argv.includes('--write')) {
  for (const [file, text] of stale) writeFileSync(join(root, file), text);
  console.log(stale.length ? `wrote ${stale.map(([file]) => file).join(', ')}` : 'all tsconfig.json files are up to date');
} else if (stale.length) {
  console.error(`out of date: ${stale.map(([file]) => file).join(', ')}\nrun: npm run sync`);
  process.exitCode = 1;
}
