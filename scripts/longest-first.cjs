// The order in which jest runs test files: those that take longest go first, so that no worker is left with one of them when all others are done.
// Where jest remembers how long each took on this machine, that decides; else what `scripts/record-durations.mjs` kept of a whole run.
const { relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');
const durations = require('./durations.json');

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    const seconds = ({ path, context }) => durations[relative(context.config.rootDir, path)] ?? 0;
    return [...sorted].sort((one, other) => seconds(other) - seconds(one));
  }
};
