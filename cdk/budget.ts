// An alarm on what the account costs.
import { CfnBudget } from "aws-cdk-lib/aws-budgets";
import { Construct } from "constructs";
import type { MonthlyBudget } from "./budget-setting.ts";

/** The percentages of the amount at which AWS sends an email: of the costs so far, and of those that it expects. */
const notifications = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
] as const;

export class Budget extends Construct {
  constructor(scope: Construct, id: string, { usd, email }: MonthlyBudget) {
    super(scope, id);
    new CfnBudget(this, "Monthly", {
      budget: {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        budgetLimit: { amount: usd, unit: "USD" },
        // Otherwise a new account's credits would hide the costs until they are used up.
        costTypes: { includeCredit: false, includeRefund: false },
      },
      notificationsWithSubscribers: notifications.map((notification) => ({
        notification: { ...notification, comparisonOperator: "GREATER_THAN", thresholdType: "PERCENTAGE" },
        subscribers: [{ subscriptionType: "EMAIL", address: email }],
      })),
    });
  }
}
