import type { Digest, Image } from '@strake/api';

/** What an image is called where it is kept: the digest of its config, but in a backend that names images otherwise. */
export const imageIdOf = ({ id, configDescriptor }: Pick<Image, 'id' | 'configDescriptor'>): Digest => id ?? configDescriptor.digest;
