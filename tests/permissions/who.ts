// Who attacks: the columns of the table.

export const whos = {
  guest: "without a token, in no room",
  outsider: "with a guest token, in no room",
  elsewhere: "in another room, which they own",
  left: "was in the room, and has left",
  member: "in the room",
  owner: "in the room, which they own",
  expired: "with the owner's token, an hour after its end",
  otherStage: "with the owner's token as another stage would sign it, had it the same key",
  otherKey: "with the owner's token, signed with another key",
} as const;

export type Who = keyof typeof whos;
export const everyone = Object.keys(whos) as Who[];

/** Their tokens take the stage's key to make. */
export const forgers = ["expired", "otherStage", "otherKey"] as const satisfies readonly Who[];
export type Forger = (typeof forgers)[number];
export type Person = Exclude<Who, Forger>;

/** Who hears nothing of the room, whatever is done in it. */
export const strangers = ["guest", "outsider", "elsewhere", "left"] as const satisfies readonly Person[];

export const isForger = (who: Who): who is Forger => forgers.some((forger) => forger === who);
