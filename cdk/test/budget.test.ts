// The setting `monthlyBudget`.
import { expect, test } from "vitest";
import { stages, validateStage } from "../stages.ts";
import { ofType } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const monthlyBudget = { usd: 20, email: "ada@example.org" };

test("an email is sent when the account's costs of a month reach 80 % or all of the amount, or are expected to", () => {
  const { template } = synthesize(validateStage({ ...stages.dev, monthlyBudget }));
  const [[, { Properties } = { Properties: undefined }] = [], ...others] = ofType(template, "AWS::Budgets::Budget");
  expect(others).toEqual([]);
  expect(Properties.Budget).toEqual({
    BudgetType: "COST",
    TimeUnit: "MONTHLY",
    BudgetLimit: { Amount: 20, Unit: "USD" },
    CostTypes: { IncludeCredit: false, IncludeRefund: false },
  });
  const told = (NotificationType: string, Threshold: number) => ({
    Notification: { NotificationType, Threshold, ComparisonOperator: "GREATER_THAN", ThresholdType: "PERCENTAGE" },
    Subscribers: [{ SubscriptionType: "EMAIL", Address: "ada@example.org" }],
  });
  const expected = [told("ACTUAL", 80), told("ACTUAL", 100), told("FORECASTED", 100)];
  expect(Properties.NotificationsWithSubscribers).toEqual(expected);
});

test.each(Object.values(stages))("$name has no budget unless somebody sets one", (stage) => {
  expect(ofType(synthesize(stage).template, "AWS::Budgets::Budget")).toEqual([]);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("an amount of %d is rejected", (usd) => {
  expect(() => validateStage({ ...stages.dev, monthlyBudget: { ...monthlyBudget, usd } })).toThrow(
    `monthlyBudget.usd is ${usd}`,
  );
});

test.each(["", "ada", "a b@example.org"])("the address %j is rejected", (email) => {
  expect(() => validateStage({ ...stages.dev, monthlyBudget: { ...monthlyBudget, email } })).toThrow(
    "monthlyBudget.email is",
  );
});
