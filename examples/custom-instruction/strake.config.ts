import { defineConfig } from 'strake';
import { motd } from './motd';

export default defineConfig({ plugins: [motd] });
