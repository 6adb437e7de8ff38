import type { FastifyRequest } from 'fastify';
import type { Query } from './query';

/** The query of a request, with every value of a repeated name. */
export function queryOf({ raw }: FastifyRequest): Query {
  const url = raw.url ?? '';
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}
