import type { BackendSession } from '@strake/api';

/** What of a session the states of caches need. */
export type RemoteSession = Pick<BackendSession, 'has' | 'source'> & Required<Pick<BackendSession, 'restore'>> & Pick<BackendSession, 'layers'>;
