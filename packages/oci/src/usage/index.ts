export { chooseRemovals, type TrimPolicy } from './choose-removals';
export { storeUsage, type UsageOptions } from './store-usage';
export { freeBytes, trimStore, type Trimmed, type TrimOptions } from './trim-store';
export type { UsageEntry, UsageType } from './usage-entry';
