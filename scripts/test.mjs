// What `npm test` runs, after the set-up: build, all tests, then every skipped one with its reason, and one plain last line.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './rooms.mjs';

const started = Date.now();
const results = join(root, 'test-results', 'jest.json');

function step(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  return status ?? 1;
}

/**
 * Every Node that starts reads the file of `NODE_EXTRA_CA_CERTS` whole, about 50 ms, and the tests start thousands; what they talk to is on
 * this machine. The few that install from npm find the name in `STRAKE_TEST_CA_CERTS`.
 */
function testEnvironment() {
  const { NODE_EXTRA_CA_CERTS: certificates, ...rest } = process.env;
  return certificates === undefined ? rest : { ...rest, STRAKE_TEST_CA_CERTS: certificates };
}

/** The reason a skipped test's name gives (`… [skipped: needs root]`), or what is true of this machine. */
function reasonOf(test) {
  const said = /\[skipped: (.*?)\](?: |$)/.exec(test.fullName)?.[1];
  if (said !== undefined) return said;
  return process.getuid?.() === 0 ? 'no reason in its name' : 'needs root';
}

function summary() {
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
  const tests = testResults.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: relative(root, file.name) })));
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const withStatus = (...statuses) => tests.filter((test) => statuses.includes(test.status));
  const skipped = withStatus('pending', 'todo', 'skipped', 'disabled');
  printSkipped(skipped);
  for (const test of withStatus('failed')) console.log(`failed: ${test.file}: ${test.fullName}`);
  for (const file of broken) console.log(`failed: ${relative(root, file.name)} could not run`);
  return { passed: withStatus('passed').length, failed: withStatus('failed').length + broken.length, skipped: skipped.length };
}

function printSkipped(skipped) {
  for (const [why, tests] of grouped(skipped)) {
    console.log(`skipped ${tests.length} in ${why}`);
    for (const test of tests) console.log(`  - ${test.fullName.replace(/ ?\[skipped: .*?\]/, '')}`);
  }
}

function grouped(skipped) {
  const groups = new Map();
  for (const test of skipped) {
    const why = `${test.file}: ${reasonOf(test)}`;
    groups.set(why, [...(groups.get(why) ?? []), test]);
  }
  return groups;
}

function main() {
  mkdirSync(join(root, 'test-results'), { recursive: true });
  if (step('npm', ['run', '--silent', 'build']) !== 0) {
    console.log('the build failed\n0 passed, 1 failed');
    return 1;
  }
  rmSync(results, { force: true });
  const arguments_ = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${results}`, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, arguments_, { cwd: root, stdio: ['inherit', 'ignore', 'inherit'], env: testEnvironment() });
  if (!existsSync(results)) {
    console.log('jest wrote no results\n0 passed, 1 failed');
    return 1;
  }
  const { passed, failed, skipped } = summary();
  const unsaid = failed === 0 && status !== 0 ? 1 : 0;
  if (unsaid) console.log(`failed: jest itself ended with ${status}`);
  console.log(`after ${Math.round((Date.now() - started) / 1000)} s`);
  console.log(`${passed} passed, ${failed + unsaid} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed + unsaid > 0 ? 1 : 0;
}

process.exitCode = main();
