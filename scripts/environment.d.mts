export function tidy(env: NodeJS.ProcessEnv, usesAws?: boolean): void;
