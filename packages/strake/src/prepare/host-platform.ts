export { hostPlatform } from '@strake/oci';
