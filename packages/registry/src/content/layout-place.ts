import type { Digest } from '@strake/api';

/** A layout, and which image of it. */
export interface LayoutPlace {
  readonly folder: string;
  readonly tag?: string;
  readonly digest?: Digest;
}
