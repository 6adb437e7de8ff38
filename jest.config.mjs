import { availableParallelism } from 'node:os';

const swc = {
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: false },
  },
};

export default {
  testTimeout: 60_000,
  // Half of what tests do happens in programs that they start, and they wait for them, for disks and for each other: on two processors three workers keep both busy.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  testSequencer: '<rootDir>/scripts/longest-first.cjs',
  roots: ['<rootDir>/packages', '<rootDir>/plugins', '<rootDir>/test', '<rootDir>/examples'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: {
    '^(create-strake-plugin|strake)$': '<rootDir>/packages/$1/src',
    '^@strake/([a-z0-9-]+)$': ['<rootDir>/packages/$1/src', '<rootDir>/plugins/$1/src'],
  },
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
};
