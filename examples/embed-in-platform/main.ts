import { BuildService } from './service';

/** `node main.js FOLDER`: serves until it is told to stop, and ends by itself when nothing is left to do. */
async function main(): Promise<void> {
  const service = new BuildService({
    folder: process.argv[2] ?? 'platform',
    stepsOfTenant: 8,
    stepsOfBuild: 4,
    // A real one asks its vault.
    credentials: (tenant, host) => Promise.resolve(host === 'registry.example.com' ? { username: tenant, password: process.env['REGISTRY_PASSWORD'] ?? '' } : undefined),
    secret: (tenant, id) => Promise.resolve(id === 'tenant' ? Buffer.from(tenant) : undefined),
  });
  process.stdout.write(`listening on ${await service.listen(Number(process.env['PORT'] ?? 0))}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void service.close());
}

void main();
