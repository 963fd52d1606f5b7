// Every scenario that runs against any deployed stage, through the client wherever it acts as a person.

import { scenarios as permissions } from "../permissions/index.ts";
import type { Scenario } from "../support/scenario.ts";
import { scenarios as bots } from "./bots.ts";
import { scenarios as changes } from "./changes.ts";
import { scenarios as claims } from "./claims.ts";
import { scenarios as conversationAccess } from "./conversation-access.ts";
import { scenarios as conversations } from "./conversations.ts";
import { scenarios as examples } from "./examples.ts";
import { scenarios as expiringRooms } from "./expiring-rooms.ts";
import { scenarios as forgedHeaders } from "./forged-headers.ts";
import { scenarios as handles } from "./handles.ts";
import { scenarios as history } from "./history.ts";
import { scenarios as identity } from "./identity.ts";
import { scenarios as invalidInput } from "./invalid-input.ts";
import { scenarios as limits } from "./limits.ts";
import { scenarios as messages } from "./messages.ts";
import { scenarios as messagesByHandle } from "./messages-by-handle.ts";
import { scenarios as moderation } from "./moderation.ts";
import { scenarios as myData } from "./my-data.ts";
import { scenarios as presence } from "./presence.ts";
import { scenarios as replies } from "./replies.ts";
import { scenarios as reports } from "./reports.ts";
import { scenarios as review } from "./review.ts";
import { scenarios as roomChanges } from "./room-changes.ts";
import { scenarios as rooms } from "./rooms.ts";
import { scenarios as rules } from "./rules.ts";
import { scenarios as site } from "./site.ts";

/** Scenarios that exhaust no rate and no throttle, so they may run on a stage that people use. */
export const smokeScenarios: readonly Scenario[] = [
  ...site,
  ...messages,
  ...replies,
  ...presence,
  ...identity,
  ...forgedHeaders,
  ...rooms,
  ...roomChanges,
  ...rules,
  ...claims,
  ...moderation,
  ...reports,
  ...review,
  ...handles,
  ...examples,
  ...expiringRooms,
  ...history,
  ...conversations,
  ...conversationAccess,
  ...messagesByHandle,
  ...myData,
  ...bots,
  ...changes,
  ...invalidInput,
  ...permissions,
];

export const scenarios: readonly Scenario[] = [...smokeScenarios, ...limits];
