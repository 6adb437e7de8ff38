import type { ResourceLimits, Ulimit } from '@strake/api';
import { integerOf, jsonOf, type Query } from '../http/query';

const isUlimits = (value: unknown): value is readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[] =>
  Array.isArray(value) && value.every((one: unknown) => {
    const { Name, Soft, Hard } = (one ?? {}) as Readonly<Record<string, unknown>>;
    return typeof Name === 'string' && Number.isInteger(Soft) && Number.isInteger(Hard);
  });

/** What the query of `POST /build` says of limits; undefined when it asks for none. What they may be is the builder's to say. Throws `HttpError` 400. */
export function limitsOf(query: Query): ResourceLimits | undefined {
  const text = (name: string): string | undefined => query.get(name) || undefined;
  const ulimits = jsonOf(query, 'ulimits', isUlimits) ?? [];
  const given: { readonly [K in keyof ResourceLimits]: ResourceLimits[K] | undefined } = {
    memory: integerOf(query, 'memory'),
    memorySwap: integerOf(query, 'memswap'),
    cpuShares: integerOf(query, 'cpushares'),
    cpuPeriod: integerOf(query, 'cpuperiod'),
    cpuQuota: integerOf(query, 'cpuquota'),
    cpusetCpus: text('cpusetcpus'),
    cpusetMems: text('cpusetmems'),
    cgroupParent: text('cgroupparent'),
    shmSize: integerOf(query, 'shmsize'),
    ulimits: ulimits.length === 0 ? undefined : ulimits.map(({ Name, Soft, Hard }) => ({ name: Name as Ulimit['name'], soft: Soft, hard: Hard })),
  };
  const limits = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ResourceLimits;
  return Object.keys(limits).length === 0 ? undefined : limits;
}
