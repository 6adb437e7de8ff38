export { createRegistryClient, type Place, type PlatformChoice, type RegistryClient, type RegistryClientOptions, type RegistryWork } from './registry-client';
export type { RegistriesConfig } from './config/registries-config';
export type { TransferProgress } from './content/transfer';
export type { FetchedManifest } from './repository/read-manifest';
export type { LogIn } from './login/log-in';
export type { Kept } from './credentials/credentials';
