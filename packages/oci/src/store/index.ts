export { defaultStoreRoot } from './default-root';
export { openStore, Store } from './store';
export type { Blobs, Expected } from './blobs';
export type { Images, ImageRecord } from './images';
export type { Lease } from './lease';
export type { Names, NameRecord } from './names';
export type { ChainRecord, LayerRecord, Records } from './records';
export type { Snapshots, SnapshotRecord, UnfinishedSnapshot } from './snapshots';
export type { Pruned, PruneOptions } from '../prune/prune-store';
