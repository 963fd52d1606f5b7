// The setting `tables`: tables that a stage uses instead of its stack's own.

/** The names of the tables that keep data. */
export interface TableNames {
  readonly rooms: string;
  readonly messages: string;
  readonly members: string;
  readonly people: string;
}

/** Returns what is wrong with the setting, if anything. */
export function tablesProblem(tables: TableNames): string | undefined {
  const { rooms, messages, members, people } = tables;
  const wrong = Object.entries({ rooms, messages, members, people }).find(
    ([, name]) => !/^[\w.-]{3,255}$/.test(name ?? ""),
  );
  return wrong && `tables.${wrong[0]} is "${wrong[1]}", but must be the name of a table.`;
}
