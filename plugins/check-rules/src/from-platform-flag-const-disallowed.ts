import { defineRule, goQuote } from '@strake/api';
import { pageOf } from './page-of';
import { platformFlag } from './platform-flag';

/** `FROM --platform=linux/arm64`: a constant, unless the stage's name says that it is meant for that system. */
export const fromPlatformFlagConstDisallowed = defineRule({
  name: 'FromPlatformFlagConstDisallowed',
  description: 'FROM --platform flag should not use a constant value',
  url: pageOf('from-platform-flag-const-disallowed'),
  stage(stage) {
    const flag = platformFlag(stage);
    if (flag === undefined || flag.variables.length > 0 || isNamedFor(stage.name ?? '', flag.value)) return [];
    return [{
      message: `FROM --platform flag should not use constant value ${goQuote(flag.value)}`,
      range: flag.node.range,
      hint: 'leave it out, use $BUILDPLATFORM, or name the platform in the name of the stage',
    }];
  },
});

const ALIASES: Readonly<Record<string, string>> = { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64', i386: '386', armhf: 'arm', armel: 'arm', macos: 'darwin' };

function isNamedFor(stage: string, platform: string): boolean {
  const [os = '', architecture = ''] = platform.toLowerCase().split('/').map((part) => ALIASES[part] ?? part);
  return (os !== '' && stage.includes(os)) || (architecture !== '' && stage.includes(architecture));
}
