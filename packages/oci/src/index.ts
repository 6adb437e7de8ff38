export * from './digest';
export * from './store';
export { LAYER_FORMAT, packLayer } from './layer/pack-layer';
export { LayerUnpacker } from './layer/layer-unpacker';
export { encodeHeader } from './tar/encode-header';
export type { TarHeader, TarType } from './tar/tar-entry';
export { TarReader, type TarHooks } from './tar/tar-reader';
