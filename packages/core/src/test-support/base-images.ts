import { OperatorError, type ContainerConfig, type ImageConfigFile, type Platform, type ResolvedImage } from '@strake/api';

const CONFIGS: Readonly<Record<string, ContainerConfig>> = {
  base: { Env: ['PATH=/bin', 'BASE=1'], WorkingDir: '/srv', User: 'app', Cmd: ['sh'], Labels: { from: 'base' } },
  plain: {},
  triggers: { OnBuild: ['ARG who=them', 'COPY <<greeting /\nhello $who\ngreeting', 'RUN make $who'] },
  'bad-trigger': { OnBuild: ['RUN make', 'COPY --form=x a b'] },
};

/** Answers for a few names and finds no other. */
export async function resolveImage(reference: string, platform: Platform): Promise<ResolvedImage> {
  const config = CONFIGS[reference];
  if (config === undefined) throw new OperatorError('IMAGE_MISSING', `no image ${reference}`);
  const digest = `sha256:${reference}` as const;
  return { reference: `docker.io/library/${reference}:latest@${digest}`, digest, platform, config: file(config, platform) };
}

function file(config: ContainerConfig, { os, architecture }: Platform): ImageConfigFile {
  const history = [{ created: '2020-01-01T00:00:00Z', created_by: 'the base' }];
  return { os, architecture, author: 'somebody', config, rootfs: { type: 'layers', diff_ids: ['sha256:layer'] }, history };
}
