export * from './digest';
export * from './store';
export { LAYER_FORMAT, packLayer } from './layer/pack-layer';
