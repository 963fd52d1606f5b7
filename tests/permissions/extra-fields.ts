// Fields that only the server may set. Frames and bodies have none of them.

const extraFields = {
  userId: "owner",
  from: { userId: "owner", name: "Owner" },
  ownerId: "owner",
  role: "owner",
  at: 0,
  seq: 1,
};

/** Returns one copy of the frame or body per extra field, skipping fields that it does have. */
export function withExtraFields<Input extends object>(input: Input): Input[] {
  return Object.entries(extraFields)
    .filter(([name]) => !(name in input))
    .map(([name, value]) => ({ ...input, [name]: value }));
}
