// What an attacker says about themselves where nobody asked.

const claims = {
  userId: "owner",
  from: { userId: "owner", name: "Owner" },
  ownerId: "owner",
  role: "owner",
  at: 0,
  seq: 1,
};

/** What is sent, once with each claim that it has no field for. */
export function claiming<Sent extends object>(sent: Sent): Sent[] {
  return Object.entries(claims)
    .filter(([name]) => !(name in sent))
    .map(([name, value]) => ({ ...sent, [name]: value }));
}
