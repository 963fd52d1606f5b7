// What the tables keep of handles.

import assert from "node:assert/strict";
import { newId } from "../../../client/src/index.ts";
import { until } from "../../support/until.ts";
import { localScenario } from "./admin.ts";

export const scenarios = [
  localScenario(
    "Nothing is left of a guest without a token who had a handle, once their connection has closed",
    ["register", "disconnect"],
    async (stage, admin) => {
      const handle = `ada.${newId().slice(0, 16)}`;
      const socket = await stage.socket();
      assert.equal((await socket.request({ action: "register", handle })).type, "registered");
      const tables = (await admin.rowsOf(handle)).map(({ table }) => table);
      assert.deepEqual(tables.sort(), ["Connections", "People", "People"]);
      socket.close();
      await until("nothing is left", async () => (await admin.rowsOf(handle)).length === 0);
    },
  ),
];
