import { createSimulator } from '@strake/backend-simulator';
import { backendConformance, createMemoryBackend } from '@strake/testing';
import { suite } from '../engines/suite';
import { embeddedLaboratory, whyNotEmbedded, type EmbeddedLaboratory } from './embedded-subject';

suite('the embedded backend', whyNotEmbedded(), () => {
  let laboratory: EmbeddedLaboratory;
  beforeAll(async () => void (laboratory = await embeddedLaboratory()));
  afterAll(() => laboratory.close());
  backendConformance(async () => laboratory.subject, test);
});

suite('the simulator on the embedded backend', whyNotEmbedded(), () => {
  let laboratory: EmbeddedLaboratory;
  beforeAll(async () => void (laboratory = await embeddedLaboratory(createSimulator)));
  afterAll(() => laboratory.close());
  backendConformance(async () => laboratory.subject, test, { onlyAnswers: true });
});

describe('the backend in memory', () => {
  const images = { 'example.test/base:1': { config: { Env: ['PATH=/bin'] }, files: { 'bin/sh': '#!' } } };
  backendConformance(async () => ({ backend: createMemoryBackend({ images }), base: 'example.test/base:1', close: async () => undefined }), test, { runsNothing: true });
});
