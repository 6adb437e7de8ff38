import { createContentCache } from '@strake/cache-content';
import { defineConfig } from 'strake';
import { frozen } from './frozen';

export default defineConfig({ cache: ({ store }) => frozen(createContentCache(store)) });
