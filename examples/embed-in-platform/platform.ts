import type { RegistryCredential } from 'strake';

/** What the platform that the service is part of knows and decides. Values may come from elsewhere when they are needed. */
export interface Platform {
  /** Where stores and results are. */
  readonly folder: string;
  /** Steps that all builds of one tenant make at once. */
  readonly stepsOfTenant: number;
  /** Steps that one build makes at once. */
  readonly stepsOfBuild: number;
  /** How the service proves to a registry that it comes from a tenant. */
  credentials(tenant: string, host: string): Promise<RegistryCredential | undefined>;
  /** What `RUN --mount=type=secret,id=ID` gets in a tenant's build. */
  secret(tenant: string, id: string): Promise<Buffer | undefined>;
}
