import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { connect, type AddressInfo, type ListenOptions, type Server } from 'node:net';
import { OperatorError } from '@strake/api';
import type { Address } from './parse-address';

/** Binds a server. A socket that a dead server left is removed; one that answers is not. Throws USAGE. */
export async function listen(server: Server, address: Address): Promise<Address> {
  if (address.kind === 'unix') await removeDeadSocket(address.path);
  await bind(server, address);
  if (address.kind === 'unix') chmodSync(address.path, 0o660);
  if (address.kind !== 'tcp') return address;
  return { ...address, port: (server.address() as AddressInfo).port };
}

function bind(server: Server, address: Address): Promise<void> {
  const options: ListenOptions & { readonly fd?: number } = address.kind === 'unix' ? { path: address.path } : address.kind === 'fd' ? { fd: address.fd } : { host: address.host, port: address.port };
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(new OperatorError('USAGE', `cannot listen: ${cause.message}`, { cause }));
    server.once('error', fail);
    server.listen(options, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

async function removeDeadSocket(path: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return;
  if (await answers(path)) throw new OperatorError('USAGE', `cannot listen: another server has ${path}`, { hint: 'stop it, or choose another address' });
  unlinkSync(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
