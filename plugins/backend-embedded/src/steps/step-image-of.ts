import type { ContainerConfig, Digest, Image, StepImage } from '@strake/api';

/** What the store knows of an image of an instruction beside the image. */
export interface StepRecord {
  /** The image that it was made on; null on nothing. */
  readonly parent: Digest | null;
}

/** A stored image as the classic cache sees it; `record` where it was made here. */
export function stepImageOf({ config: file, configDescriptor: { digest: id } }: Image, record: StepRecord | undefined): StepImage {
  const { created = '', author, architecture, os, variant, config = {}, rootfs, history = [] } = file;
  const containerConfig = (file as { readonly container_config?: ContainerConfig }).container_config;
  const parent = record?.parent ?? undefined;
  return {
    id, created, config, history,
    platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
    diffIds: rootfs.diff_ids,
    ...(parent === undefined ? {} : { parent }),
    ...(author === undefined ? {} : { author }),
    ...(containerConfig === undefined ? {} : { containerConfig }),
  };
}
