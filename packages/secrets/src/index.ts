export { createSecrets, type SecretOptions, type SecretSource } from './secret-sources';
export { createAgents, type AgentOptions, type Agents, type AgentSource } from './agents';
