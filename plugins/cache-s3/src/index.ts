export { s3Cache } from './s3-cache';
