import { chooseRemovals, type TrimPolicy } from './choose-removals';
import type { UsageEntry } from './usage-entry';

const NOW = 1_000_000_000;
const HOUR = 3600;

/** Used so many hours ago. */
const entry = (id: string, hours: number, size: number, more: Partial<UsageEntry> = {}): UsageEntry => ({
  type: 'step', id, description: '', size, created: undefined, used: NOW - hours * HOUR * 1000, parents: [], inUse: false, ...more,
});
const chosen = (entries: readonly UsageEntry[], policy: TrimPolicy, free = 1000): readonly string[] => chooseRemovals(entries, policy, { now: NOW, free }).map(({ id }) => id);

const chain = [entry('base', 1, 10), entry('old', 9, 20, { parents: ['base'] }), entry('new', 2, 30, { parents: ['base'] })];

describe('choosing what goes', () => {
  test.each<[string, readonly UsageEntry[], TrimPolicy, readonly string[]]>([
    ['without limits everything, what stands on something first', chain, {}, ['old', 'new', 'base']],
    ['what an image needs stays', [entry('image', 9, 5, { inUse: true }), entry('other', 1, 5)], {}, ['other']],
    ['what was used longest ago first, until no more is taken', chain, { mostUsed: 45 }, ['old']],
    ['as much as needed to have enough free', chain, { leastFree: 1021 }, ['old', 'new']],
    ['of two limits the harder one', chain, { mostUsed: 45, leastFree: 1050 }, ['old', 'new']],
    ['nothing where the limits are kept', chain, { mostUsed: 60, leastFree: 1000 }, []],
    ['what is reserved stays', chain, { mostUsed: 0, reserved: 35 }, ['old', 'new']],
    ['down to what is reserved', chain, { reserved: 40 }, ['old']],
    ['what was used lately stays', chain, { unusedFor: 5 * HOUR }, ['old']],
    ['what is not looked at stays, and what it stands on', chain, { matches: ({ id }) => id !== 'new' }, ['old']],
    ['what was used only by something later is as young as that', [entry('old base', 99, 1), entry('top', 1, 1, { parents: ['old base'] }), entry('middle', 5, 1)], { mostUsed: 1 }, ['middle', 'top']],
    ['of one time what stands highest', [entry('a', 1, 1), entry('c', 1, 1, { parents: ['b'] }), entry('b', 1, 1, { parents: ['a'] })], {}, ['c', 'b', 'a']],
  ])('%s', (_, entries, policy, expected) => {
    expect(chosen(entries, policy)).toEqual(expected);
  });

  test('five thousand on each other are no trouble', () => {
    const tower = Array.from({ length: 5_000 }, (_, at) => entry(`e${at}`, 1, 1, at === 0 ? {} : { parents: [`e${at - 1}`] }));
    expect(chosen(tower, {})).toHaveLength(5_000);
  });
});
