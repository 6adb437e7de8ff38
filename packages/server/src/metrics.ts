import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { QueueState } from './build/build-queue';

/** What a server counts, in the form that Prometheus reads. */
export interface Metrics {
  readonly registry: Registry;
  readonly builds: Counter<'result'>;
  readonly buildSeconds: Histogram;
  readonly waitSeconds: Histogram;
  readonly steps: Counter<'result'>;
  readonly contextBytes: Counter;
  readonly requests: Counter<'method' | 'route' | 'status'>;
}

/** Metrics of one server: several in a process do not share theirs. */
export function createMetrics(queue: () => QueueState, connections: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  gauge(registry, 'strake_builds_running', 'Builds that run now.', () => queue().running);
  gauge(registry, 'strake_builds_waiting', 'Builds that wait for their turn.', () => queue().waiting);
  gauge(registry, 'strake_connections_open', 'Connections of clients.', connections);
  gauge(registry, 'strake_resident_memory_bytes', 'Resident memory of the server, bytes.', () => process.memoryUsage.rss());
  return {
    registry,
    builds: new Counter({ registers, name: 'strake_builds_total', help: 'Builds that ended, by result.', labelNames: ['result'] }),
    buildSeconds: new Histogram({ registers, name: 'strake_build_duration_seconds', help: 'How long builds took, waiting not counted.', buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000] }),
    waitSeconds: new Histogram({ registers, name: 'strake_build_wait_seconds', help: 'How long builds waited for their turn.', buckets: [0.01, 0.1, 1, 10, 100, 1000] }),
    steps: new Counter({ registers, name: 'strake_steps_total', help: 'Steps of builds, by result: cached, built or failed.', labelNames: ['result'] }),
    contextBytes: new Counter({ registers, name: 'strake_context_bytes_total', help: 'Bytes of build contexts as they were sent.' }),
    requests: new Counter({ registers, name: 'strake_http_requests_total', help: 'Requests, by method, route and status.', labelNames: ['method', 'route', 'status'] }),
  };
}

function gauge(registry: Registry, name: string, help: string, value: () => number): void {
  new Gauge({ registers: [registry], name, help, collect() { this.set(value()); } });
}
