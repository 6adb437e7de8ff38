import type { PluginName } from './plugin-name';
import type { Template } from './template';
import { VERSION } from './version';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The files that every package has. */
export function commonFiles({ full }: PluginName, { summary, readme, dependencies = {}, devDependencies = {} }: Template): Readonly<Record<string, string>> {
  const sorted = (entries: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
  const strake = `^${VERSION}`;
  return {
    'package.json': json({
      name: full, version: '0.1.0', description: summary, license: 'MIT', keywords: ['strake-plugin'],
      type: 'commonjs', main: 'dist/index.js', types: 'dist/index.d.ts',
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
      files: ['dist', '!dist/**/*.test.*', 'README.md'],
      engines: { node: '>=20.19' },
      scripts: { build: 'tsc', test: 'tsc && node --test dist/', try: 'cd example && strake plan .', prepublishOnly: 'npm test' },
      ...(Object.keys(dependencies).length === 0 ? {} : { dependencies: sorted(dependencies) }),
      peerDependencies: { '@strake/api': strake },
      devDependencies: sorted({ '@strake/api': strake, '@strake/cli': strake, '@strake/testing': strake, strake, '@types/node': '^20', typescript: '>=5.5 <7', ...devDependencies }),
    }),
    'tsconfig.json': json({
      compilerOptions: { target: 'es2022', lib: ['es2023'], module: 'node16', moduleResolution: 'node16', types: ['node'], strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, isolatedModules: true, skipLibCheck: true, declaration: true, rootDir: 'src', outDir: 'dist' },
      include: ['src'],
    }),
    '.gitignore': 'node_modules/\ndist/\n',
    'README.md': `# ${full}\n\n${summary}.\n\n${readme}\n## Working on it\n\n| command | does |\n| --- | --- |\n| \`npm run build\` | compiles it into \`dist\` |\n| \`npm test\` | compiles it and runs its tests |\n| \`npm run try\` | plans the build of \`example\` with it |\n`,
  };
}
