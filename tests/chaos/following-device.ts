// A client whose person's conversations it follows.

import { Conversations } from "../../client/src/conversations.ts";
import type { ChaosClient } from "./chaos-client.ts";
import type { Recorder } from "./recorder.ts";

export class FollowingDevice {
  readonly client: ChaosClient;
  readonly conversations: Conversations;
  readonly recorder: Recorder;

  /** Connects. */
  constructor(client: ChaosClient, recorder: Recorder) {
    this.client = client;
    this.conversations = new Conversations(client.client);
    this.recorder = recorder;
    client.client.connect();
  }
}
