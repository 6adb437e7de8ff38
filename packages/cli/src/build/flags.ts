import type { FlagSpecs } from '../argv/flag';
import { registryFlags } from '../commands/registry-flags';
import { limitFlags } from './limit-flags';
import { refusedFlags } from './refused-flags';

/** The flags that say what to build; `build` and `plan` share them. */
export const inputFlags = {
  allow: { type: 'list', placeholder: 'stringArray', summary: 'Allow extra privileged entitlement (e.g., "network.host", "security.insecure", "device")', complete: ['network.host', 'security.insecure', 'device'] },
  'add-host': { type: 'list', placeholder: 'strings', summary: 'Add a custom host-to-IP mapping (format: "host:ip")' },
  'all-stages': { type: 'boolean', summary: 'Build every stage, also those that the target does not need' },
  'build-arg': { type: 'list', placeholder: 'stringArray', summary: 'Set build-time variables (name only: from the environment)' },
  'build-context': { type: 'list', placeholder: 'stringArray', summary: 'Additional build contexts (e.g., name=path)' },
  cache: { type: 'string', placeholder: 'string', summary: 'How steps are cached: content, none, classic, read-only, ttl=DURATION (e.g., ttl=7d)', default: '"content"', complete: ['content', 'none', 'classic', 'read-only', 'ttl='] },
  'cache-from': { type: 'list', placeholder: 'stringArray', summary: 'Where cached steps come from (e.g., "type=local,src=path", "type=registry,ref=user/app:cache")', complete: ['type=local,src=', 'type=registry,ref='] },
  'cache-to': { type: 'list', placeholder: 'stringArray', summary: 'Where the cache is written to (e.g., "type=local,dest=path,mode=max")', complete: ['type=local,dest=', 'type=registry,ref=', 'type=inline'] },
  file: { type: 'string', short: 'f', placeholder: 'string', summary: 'Name of the Dockerfile, "-" for standard input', default: '"PATH/Dockerfile"', complete: 'file' },
  'force-rm': { type: 'boolean', summary: 'Remove the containers of steps, whatever --rm says' },
  ignorefile: { type: 'string', placeholder: 'string', summary: 'Ignore file of the build context, instead of its .dockerignore', complete: 'file' },
  'insecure-registry': registryFlags['insecure-registry'],
  ...limitFlags,
  isolation: { type: 'string', placeholder: 'string', summary: 'Container isolation technology of an engine (with --backend docker)' },
  label: { type: 'list', placeholder: 'stringArray', summary: 'Set metadata for an image' },
  lock: { type: 'string', bare: 'true', placeholder: 'string', summary: 'Pin base images by strake.lock: true, update (write it anew), frozen (take nothing else)', choices: ['true', 'false', 'update', 'frozen'] },
  network: { type: 'string', placeholder: 'string', summary: 'Set the networking mode for the "RUN" instructions during build: default, none, host', default: '"default"', choices: ['default', 'none', 'host'] },
  'no-cache': { type: 'boolean', summary: 'Do not use cache when building the image' },
  'no-cache-filter': { type: 'list', placeholder: 'stringArray', summary: 'Do not cache specified stages', complete: 'stage' },
  offline: { type: 'boolean', summary: 'Ask no registry' },
  platform: { type: 'list', placeholder: 'stringArray', summary: 'Set target platforms for build (e.g., linux/amd64,linux/arm64)', complete: ['linux/amd64', 'linux/arm64', 'linux/arm/v7'] },
  pull: { type: 'string', bare: 'always', placeholder: 'string', summary: 'When to ask registries for base images: always, missing, never, newer', default: '"missing"', choices: ['always', 'missing', 'never', 'newer', 'true', 'false'] },
  reproducible: { type: 'boolean', summary: 'Make the same image on another day: times as SOURCE_DATE_EPOCH says, 1970 without one' },
  rm: { type: 'string', bare: 'true', placeholder: 'bool', summary: 'Remove the containers of steps after a build; false with --backend docker --cache classic', default: 'true', choices: ['true', 'false', '1', '0'] },
  'secret-arg': { type: 'list', placeholder: 'stringArray', summary: 'Build-time variable whose value is secret: only RUN has it (name only: from the environment)' },
  secret: { type: 'list', placeholder: 'stringArray', summary: 'Secret to expose to the build (format: "id=mysecret[,src=/local/secret]" or "id=mysecret,env=VARIABLE")' },
  'security-opt': { type: 'list', placeholder: 'strings', summary: 'Security options of RUN (with --backend docker)' },
  squash: { type: 'boolean', summary: 'Squash newly built layers into a single new layer' },
  ssh: { type: 'list', placeholder: 'stringArray', summary: 'SSH agent socket or keys to expose to the build (format: "default|<id>[=<socket>|<key>[,<key>]]")' },
  tag: { type: 'list', short: 't', placeholder: 'stringArray', summary: 'Image identifier (format: "[registry/]repository[:tag]")', complete: 'image' },
  target: { type: 'string', placeholder: 'string', summary: 'Set the target build stage to build', complete: 'stage' },
} as const satisfies FlagSpecs;

/** All flags of `strake build`. */
export const buildFlags = {
  ...inputFlags,
  annotation: { type: 'list', placeholder: 'stringArray', summary: 'Add annotation to the image (format: "[TARGET:]key=value")' },
  call: { type: 'string', placeholder: 'string', summary: 'Answer a question instead of building: check, outline, targets (e.g., outline,format=json)', default: '"build"', complete: ['build', 'check', 'outline', 'targets'] },
  check: { type: 'boolean', summary: 'Shorthand for "--call=check"' },
  'debug-on-failure': { type: 'boolean', summary: 'Open a shell where a step has failed; needs a terminal' },
  iidfile: { type: 'string', placeholder: 'string', summary: 'Write the image ID to a file', complete: 'file' },
  load: { type: 'boolean', summary: 'Shorthand for "--output=type=docker": load the image into a Docker Engine' },
  'metadata-file': { type: 'string', placeholder: 'string', summary: 'Write build result metadata to a file', complete: 'file' },
  output: { type: 'list', short: 'o', placeholder: 'stringArray', summary: 'Output destination (format: "type=oci,dest=path")', complete: ['type=oci,dest=', 'type=docker,dest=', 'type=local,dest=', 'type=tar,dest=', 'type=image,push=true', 'type=registry', 'type=cacheonly'] },
  progress: {
    type: 'string',
    placeholder: 'string',
    summary: 'Set type of progress output (auto, plain, tty, quiet, rawjson)',
    default: '"auto"',
    choices: ['auto', 'plain', 'tty', 'quiet', 'rawjson'],
  },
  push: { type: 'boolean', summary: 'Shorthand for "--output=type=registry": push the image' },
  quiet: { type: 'boolean', short: 'q', summary: 'Suppress the build output and print image ID on success' },
  ...refusedFlags,
} as const satisfies FlagSpecs;
