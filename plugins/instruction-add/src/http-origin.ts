import { urlFileName, type Origin } from '@strake/api';
import type { RemoteFlags } from './check-sources';

/** A download, and the name of the file that it gives. */
export function httpOrigin(url: string, { checksum }: RemoteFlags): { readonly from: Origin; readonly name: string } {
  const name = urlFileName(url);
  const attributes = { filename: name, ...(checksum === undefined || checksum === '' ? {} : { checksum }) };
  return { from: { kind: 'source', scheme: 'http', reference: url, attributes }, name };
}
