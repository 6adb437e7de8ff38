import { getXattr } from '@strake/syscalls';

/** Bytes of a capability without the user namespace that it was set in. */
const PLAIN_SIZE = 20;

/** A file's capabilities as Docker writes them into tars: the form of namespaces is made the plain one. Undefined where there are none. */
export function capabilityOf(path: string | Buffer): Buffer | undefined {
  const value = getXattr(path, 'security.capability');
  if (value?.[3] !== 3) return value;
  const plain = Buffer.from(value.subarray(0, PLAIN_SIZE));
  plain[3] = 2;
  return plain;
}
