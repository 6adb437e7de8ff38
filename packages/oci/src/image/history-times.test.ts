import type { HistoryEntry } from '@strake/api';
import { fillHistoryTimes } from './history-times';

const layer = (created?: string): HistoryEntry => (created === undefined ? {} : { created });
const empty = (created?: string): HistoryEntry => ({ ...layer(created), empty_layer: true });

test.each<[string, readonly HistoryEntry[], readonly (string | undefined)[], readonly (string | undefined)[]]>([
  ['a layer has its own time', [layer(), layer()], ['1', '2'], ['1', '2']],
  ['the first entries without a layer have the time of the next layer, later ones of the layer before', [layer(), empty(), layer(), empty()], ['1', '2'], ['1', '2', '2', '2']],
  ['entries before any layer have that of the first', [empty(), empty(), layer()], ['1'], ['1', '1', '1']],
  ['entries of the base keep theirs', [layer('0'), empty('0'), layer(), empty()], ['9', '1'], ['0', '0', '1', '1']],
  ['metadata on a base has the time of the first new layer', [layer('0'), empty(), layer()], ['9', '1'], ['0', '1', '1']],
  ['metadata alone on a base has the base\'s', [layer('0'), empty()], ['9'], ['0', '0']],
  ['nothing is known', [empty()], [], [undefined]],
])('%s', (_name, history, layers, times) => {
  expect(fillHistoryTimes(history, layers).map(({ created }) => created)).toEqual(times);
});
