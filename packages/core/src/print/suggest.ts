export { editDistance, suggest } from '@strake/api';
