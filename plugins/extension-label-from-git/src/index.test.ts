import { label } from '@strake/instruction-label';
import { extended, instructionTest } from '@strake/testing';
import { labelFromGit } from './index';

const revision = '0123456789012345678901234567890123456789';
const git = { revision, ref: 'main', url: 'https://example.org/app.git', dirty: false };
const labels = { 'org.opencontainers.image.revision': revision, 'org.opencontainers.image.ref.name': 'main', 'org.opencontainers.image.source': 'https://example.org/app.git' };
const text = `org.opencontainers.image.revision=${revision} org.opencontainers.image.ref.name=main org.opencontainers.image.source=https://example.org/app.git`;

instructionTest(extended(label, labelFromGit), {
  flags: ['from-git'],
  lowers: [
    { text: 'LABEL --from-git', stage: { facts: { git } }, expected: { config: { labels }, history: `LABEL ${text}` } },
    { name: 'what is written goes before what is found', text: 'LABEL --from-git a=1 org.opencontainers.image.ref.name=v1', stage: { facts: { git } }, expected: { config: { labels: { ...labels, a: '1', 'org.opencontainers.image.ref.name': 'v1' } }, history: `LABEL a=1 org.opencontainers.image.ref.name=v1 ${text}` } },
    { name: 'a changed file, no branch, no address', text: 'LABEL --from-git', stage: { facts: { git: { revision, dirty: true } } }, expected: { config: { labels: { 'org.opencontainers.image.revision': `${revision}-dirty` } }, history: `LABEL org.opencontainers.image.revision=${revision}-dirty` } },
    { text: 'LABEL --from-git=false a=1', expected: { config: { labels: { a: '1' } }, history: 'LABEL a=1' } },
  ],
  refuses: [
    { name: 'alone it says nothing', text: 'LABEL', message: 'LABEL requires at least one argument', at: '1:1' },
  ],
}, test);
