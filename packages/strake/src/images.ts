import type { Store } from '@strake/oci';
import type { Images } from './images-types';
export const openImages = (_store: Store): Images => { throw new Error('soon'); };
