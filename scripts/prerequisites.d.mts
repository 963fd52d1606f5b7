export function missingPrerequisites(needs: readonly string[]): string[];
