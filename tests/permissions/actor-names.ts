// The actors of the permission matrix: one column each.

export const actors = {
  guest: "without a token, in no room",
  outsider: "with a guest token, in no room",
  elsewhere: "in another room, which they own",
  left: "was in the room and has left it",
  member: "in the room",
  owner: "in the room, which they own",
  expired: "with the owner's token, an hour after it expired",
  otherStage: "with the owner's token as another stage with the same key would sign it",
  otherKey: "with the owner's token, signed with another key",
} as const;

export type ActorName = keyof typeof actors;
export const actorNames = Object.keys(actors) as ActorName[];

/** Actors with a forged token. Making one takes the stage's key. */
export const forgers = ["expired", "otherStage", "otherKey"] as const satisfies readonly ActorName[];
export type Forger = (typeof forgers)[number];
export type Person = Exclude<ActorName, Forger>;

/** Actors that are not in the room: no frame about it may reach them. */
export const outsideRoom = ["guest", "outsider", "elsewhere", "left"] as const satisfies readonly Person[];

export const isForger = (name: ActorName): name is Forger => forgers.some((forger) => forger === name);
