// The setting `monthlyBudget`: when the account's costs make AWS send an email.
import { isEmailAddress } from "./setting-formats.ts";

export interface MonthlyBudget {
  /** US dollars per calendar month. */
  readonly usd: number;
  /** Who is told. */
  readonly email: string;
}

/** Returns what is wrong with the setting, if anything. */
export function monthlyBudgetProblem({ usd, email }: MonthlyBudget): string | undefined {
  if (!(Number.isFinite(usd) && usd > 0)) return `monthlyBudget.usd is ${usd}, but must be a number above 0.`;
  return isEmailAddress(email) ? undefined : `monthlyBudget.email is "${email}", but must be an email address.`;
}
