// From a fresh clone to an image: installs, builds strake, then builds examples/quickstart with it.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './rooms.mjs';

const example = join(root, 'examples', 'quickstart');
const archive = join(example, 'dist', 'quickstart.tar');
const strake = join(root, 'packages', 'cli', 'bin', 'strake.js');

run('node', ['scripts/setup.mjs']);
console.log('building strake …');
run('npm', ['run', '--silent', 'build']);

// The one tool of the example: a static program that npm has already brought.
mkdirSync(join(example, 'tools'), { recursive: true });
mkdirSync(join(example, 'dist'), { recursive: true });
copyFileSync(esbuild(), join(example, 'tools', 'esbuild'));

const isRoot = process.getuid?.() === 0;
if (process.platform !== 'linux' || !isRoot) {
  console.log(`\nRUN needs ${process.platform === 'linux' ? 'root' : 'Linux'}: showing what would be built instead.\n`);
  run('node', [strake, 'plan', example]);
} else {
  run('node', [strake, 'build', '-t', 'quickstart', '-o', `type=docker,dest=${archive}`, example]);
  console.log(`
The image is in strake's store as "quickstart", and as an archive in ${archive}.

  npx strake images                      all images of the store
  npx strake history quickstart          how it was made
  docker load -i ${archive} && docker run --rm quickstart --version
  npx strake plan examples/quickstart    what a second build would do: nothing, all is cached
`);
}

function esbuild() {
  const { arch, platform } = process;
  return join(root, 'node_modules', '@esbuild', `${platform}-${arch}`, 'bin', 'esbuild');
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
