import { defineRule, wordsOf } from '@strake/api';
import { pageOf } from './page-of';
import { platformFlag } from './platform-flag';

/** `FROM --platform=$TARGETPLATFORM`, which is what FROM does anyway. */
export const redundantTargetPlatform = defineRule({
  name: 'RedundantTargetPlatform',
  description: 'Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior',
  url: pageOf('redundant-target-platform'),
  stage(stage, facts) {
    const flag = platformFlag(stage);
    const [use, ...more] = flag?.variables ?? [];
    if (flag === undefined || more.length > 0 || use?.name !== 'TARGETPLATFORM' || use.state !== 'set') return [];
    if (flag.value !== facts.variables.get('TARGETPLATFORM')) return [];
    const next = stage.node.flags.find(({ range }) => isAfter(range.start, flag.node.range.start))?.range.start ?? wordsOf(stage.node)[0]?.range.start;
    const edits = next === undefined ? [] : [{ range: { ...flag.node.range, end: next }, text: '' }];
    return [{
      message: `Setting platform to predefined ${flag.written} in FROM is redundant as this is the default behavior`,
      range: flag.node.range,
      ...(next?.line === flag.node.range.start.line ? { fix: { title: 'leave --platform out', edits } } : {}),
    }];
  },
});

function isAfter(one: { readonly line: number; readonly column: number }, other: { readonly line: number; readonly column: number }): boolean {
  return one.line > other.line || (one.line === other.line && one.column > other.column);
}
