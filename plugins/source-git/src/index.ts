export { gitSource, type GitSourceOptions } from './git-source';
