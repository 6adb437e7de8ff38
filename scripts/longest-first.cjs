// The order in which jest runs test files: on a machine that has not run them yet, those that are known to take long go first, so that none of
// them is begun when all others are done. Where jest remembers how long each took, that decides.
const { default: Sequencer } = require('@jest/test-sequencer');

const LONGEST = ['test/differential/differential', 'test/crash/', 'test/registry/', 'test/acceptance/', 'test/packages/consumers', 'test/backend-docker/', 'test/classic/', 'test/run-mounts/', 'test/server/', 'test/authors/', 'test/docs/', 'test/plan/', 'test/cli/', 'test/sources/', 'test/conformance/'];

const rank = ({ path }) => {
  const found = LONGEST.findIndex((part) => path.includes(part));
  return found < 0 ? LONGEST.length : found;
};

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return sorted.some(({ duration }) => duration !== undefined) ? sorted : [...sorted].sort((one, other) => rank(one) - rank(other));
  }
};
