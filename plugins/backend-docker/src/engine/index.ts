export { Containers, type CommitOptions, type ContainerSpec, type ContainerSummary, type ExecSpec, type LogSink, type PathStat } from './containers';
export { demultiplex } from './demultiplex';
export { Engine, type Request } from './engine';
export type { EngineAddress, EngineChoice, EngineTls } from './engine-address';
export { EngineAccess, keepsBlobs, type EngineClient, type EngineInfo } from './engine-client';
export { EngineError, hasStatus } from './engine-errors';
export { EngineImages, type EngineHistoryEntry, type EngineImage, type EngineImageSummary, type EngineManifest, type EngineMessage, type EngineProgress } from './images';
export { findEngine } from './find-engine';
export { Volumes, type EngineVolume } from './volumes';
