export { createBuilder, type Builder } from './create-builder';
export type { ArchiveInput, ContextInput, FilesInput } from './input/context-input';
export type { BuildOptions, BuildResult, OutputOptions } from './build-options';
export type { Plan, PlanStep } from './plan-types';
export type { ImageDetails, Images, ImageSummary } from './images-types';
export { defineConfig, type BuilderConfig, type Factory } from './builder-config';
export { build } from './build-once';
export { formatError } from './format-error';
export * from '@strake/api';
