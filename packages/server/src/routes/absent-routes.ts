import type { FastifyInstance } from 'fastify';
import { HttpError } from '../http/status-of';

/** Clients of BuildKit bring their own protocol; this server builds by that of the classic builder. */
const BUILDKIT = 'BuildKit is not served here: set DOCKER_BUILDKIT=0, and strake builds what docker build sends';

/** What an engine does beside building, and strake does not: 501, so that no client takes it for something that is missing. */
const NOT_SERVED: readonly (readonly [method: 'get' | 'post', path: string, what: string])[] = [
  ['post', '/containers/create', 'containers are not served here: strake builds images; docker load or docker push brings them to an engine that runs them'],
  ['post', '/commit', 'containers are not served here, so there is none to commit'],
  ['post', '/networks/create', 'networks are not served here'],
  ['post', '/volumes/create', 'volumes are not served here'],
  ['post', '/swarm/init', 'a swarm is not served here'],
  ['post', '/swarm/join', 'a swarm is not served here'],
  ['post', '/services/create', 'services are not served here'],
  ['post', '/secrets/create', 'secrets are not served here'],
  ['post', '/configs/create', 'configs are not served here'],
  ['post', '/plugins/pull', 'plugins of an engine are not served here'],
  ['get', '/distribution/*', 'manifests of registries are not served here: use strake image inspect'],
  ['post', '/grpc', BUILDKIT],
  ['post', '/session', BUILDKIT],
];

/** Answers for what an engine has and strake does not: there is none of it, and none can be made. */
export function absentRoutes(app: FastifyInstance): void {
  for (const [method, path, what] of NOT_SERVED) {
    app[method](path, () => {
      throw new HttpError(501, what);
    });
  }
  app.get('/containers/json', async () => []);
  app.get('/networks', async () => []);
  app.get('/volumes', async () => ({ Volumes: [], Warnings: null }));
  app.post('/containers/prune', async () => ({ ContainersDeleted: null, SpaceReclaimed: 0 }));
  app.post('/networks/prune', async () => ({ NetworksDeleted: null }));
  app.post('/volumes/prune', async () => ({ VolumesDeleted: null, SpaceReclaimed: 0 }));
  app.get<{ Params: { name: string } }>('/containers/:name/json', async ({ params }) => noContainer(params.name));
  app.delete<{ Params: { name: string } }>('/containers/:name', async ({ params }) => noContainer(params.name));
  app.post<{ Params: { name: string } }>('/containers/:name/:what', async ({ params }) => noContainer(params.name));
}

/** Without a BuildKit to talk to, buildx would start one: it asks for that container first, and shows what it is answered. */
function noContainer(name: string): never {
  if (name.startsWith('buildx_buildkit_')) throw new HttpError(501, BUILDKIT);
  throw new HttpError(404, `No such container: ${name}`);
}
