// Every npm command: its usage, options, and what it needs on the machine besides Node.
const cloud = ["rust", "python", "compiler"];
const deployedStage = [
  "--stage NAME   dev, prod, or local for the local cloud",
  "--port N       the port of the local cloud (default: 4566)",
];

export const commands = {
  start: {
    usage: "npm start [-- --port N] [--fresh] [--sign-in | --site URL]",
    does: "Starts the local cloud, deploys Parlor into it, prints its addresses and then one line per invocation. Ctrl-C stops it; rooms and people are kept for the next start.",
    options: [
      "--port N   port on localhost (default: 4566); instances on different ports have separate rooms",
      "--fresh    deletes the rooms and people of earlier starts on this port",
      "--sign-in  adds a fake identity provider, at which everybody is who they say",
      "--site URL trusts a site on this machine, such as http://localhost:4700: its pages may connect, and it is the identity provider",
    ],
    needs: cloud,
  },
  test: {
    usage: "npm test [-- quick|rust|ts|e2e|newcomer|fork …]",
    does: "Runs every check except those of `npm run check:arm64`, `audit` and `fuzz`, or only the named parts.",
    options: [
      "quick      format, lint, types, unit tests without the enumerated faults, and a few scenarios that use every route; 3 minutes if all is compiled",
      "rust       format, clippy, unit and store tests",
      "ts         types, lint, unit tests of client, page, stack and scripts, generated files, cfn-lint",
      "e2e        on local clouds of its own: scenarios, roles, the page in Chromium, faults, grants",
      "newcomer   `npm start` in a fresh copy of this folder, with a shell configured for other projects",
      "fork       `npm run fork` in a copy of this folder, which must then pass format, lint and types; named alone, also unit tests, and compile",
    ],
    needs: cloud,
  },
  "deploy-local": {
    usage: "npm run deploy:local [-- --port N]",
    does: "Deploys changed handlers, page and stack into the running local cloud.",
    options: ["--port N   the port of the local cloud (default: 4566)"],
    needs: cloud,
  },
  "diff-local": {
    usage: "npm run diff:local",
    does: "Lists how the local stage's template differs from the one for AWS, and why.",
    options: [],
    needs: [],
  },
  doctor: {
    usage: "npm run doctor -- --stage NAME",
    does: "Says whether a stage can be deployed to your AWS account, and what to do first. Changes nothing; exits with 1 if something would stop the deployment.",
    options: ["--stage NAME   dev or prod"],
    needs: [],
    usesAws: true,
  },
  deploy: {
    usage: "npm run deploy -- --stage NAME [--yes]",
    does: "Deploys a stage to your AWS account, with the doctor before and the smoke test after. Asks before it replaces or deletes anything that holds data.",
    options: ["--stage NAME   dev or prod", "--yes          answers yes to every question"],
    needs: [],
    usesAws: true,
  },
  destroy: {
    usage: "npm run destroy -- --stage NAME",
    does: "Deletes a stage from your AWS account, after saying what goes and what stays and asking for the stage's name. Refuses stages that keep their data.",
    options: ["--stage NAME   dev"],
    needs: [],
    usesAws: true,
  },
  pipeline: {
    usage: "npm run pipeline -- --stage NAME --repository OWNER/NAME [--yes]",
    does: "Creates the roles with which GitHub deploys a stage, and prints what to set on GitHub. Stores no key.",
    options: [
      "--stage NAME              dev or prod",
      "--repository OWNER/NAME   the only repository whose jobs may take them on; OWNER@ID/NAME@ID for those since July 15, 2026",
      "--yes                     does not ask",
    ],
    needs: [],
    usesAws: true,
  },
  cost: {
    usage:
      "npm run cost [-- --people N] [--messages-per-day N] [--room-size N] [--hours-per-day N] [--region NAME] [--stage NAME]",
    does: "Estimates what a stage costs in a month: measured units times public prices, next to others' prices. Asks nobody.",
    options: [
      "--people N             people, who all come every day (default: 100)",
      "--messages-per-day N   of each person (default: 10)",
      "--room-size N          people in a room at the same time, at most 1000 (default: 20)",
      "--hours-per-day N      how long a person's page is open (default: 2)",
      "--region NAME          us-east-1 or eu-central-1 (default: us-east-1)",
      "--stage NAME           dev or prod (default: prod, with monitoring and backups)",
      "--write                writes the table in docs/costs.md, and nothing else",
    ],
    needs: [],
  },
  logs: {
    usage: "npm run logs -- --stage NAME [--route NAME] [--since TIME] [--follow]",
    does: "Shows what a stage's functions logged, oldest first: one line per invocation, without rooms, people or texts.",
    options: [
      ...deployedStage,
      "--route NAME   only this route, for instance send",
      "--operators    instead, what operators did with `npm run admin`",
      "--since TIME   how long ago to begin: 90s, 15m, 1h or 2d (default: 1h)",
      "--follow       goes on with new lines until Ctrl-C",
      "--all          also Lambda's routine lines and sweeps that found nothing, as they were written",
    ],
    needs: [],
    usesAws: true,
  },
  inspect: {
    usage: "npm run inspect -- --stage NAME --room ID [--around N] [--texts]",
    does: "Shows a room as its rows say: its settings and end, its log, who is there, and whose rates are used up. Only reads.",
    options: [
      ...deployedStage,
      "--room ID      the room's id, from its link",
      "--around N     the log around this number (default: its end)",
      "--texts        also the texts of messages",
    ],
    needs: [],
    usesAws: true,
  },
  admin: {
    usage: "npm run admin -- close-room --stage NAME --room ID --reason TEXT [--yes]",
    does: "Ends a room as if its time had come, with your AWS credentials, and records that you did.",
    options: [
      ...deployedStage,
      "--room ID      the room's id, from its link",
      "--reason TEXT  why, for the record; people in the room are not told",
      "--yes          does not ask",
    ],
    needs: [],
    usesAws: true,
  },
  backup: {
    usage: "npm run backup -- --stage NAME [--now]",
    does: "Says to which times a stage's tables can be restored. Exits with 1 if a stage that keeps its data has a table without recovery.",
    options: [
      ...deployedStage,
      "--now          also makes a backup of each table, which stays until somebody deletes it",
    ],
    needs: [],
    usesAws: true,
  },
  restore: {
    usage: "npm run restore -- --stage NAME --at TIME | --switch | --resume [--yes]",
    does: "Restores a stage's tables to a second of the past, then makes the stage go on with them. docs/operating.md has the steps.",
    options: [
      ...deployedStage,
      "--at TIME      restores the tables under new names: 2026-11-30T12:00:00Z, in UTC. Changes nothing of the stage",
      "--switch       stops the stage, deploys it with the tables of the setting `tables`, and starts it again",
      "--resume       starts the functions again, if `--switch` was interrupted",
      "--yes          answers yes to every question",
    ],
    needs: [],
    usesAws: true,
  },
  smoke: {
    usage: "npm run smoke -- --stage NAME | --url SITE",
    does: "Runs the scenarios, without the floods, against a deployed stage, then deletes what they created.",
    options: [
      "--stage NAME   reads the stage's addresses from CloudFormation with your AWS credentials; `local` is the local cloud",
      "--url SITE     the address of the page",
    ],
    needs: [],
    usesAws: true,
  },
  generate: {
    usage: "npm run generate [-- --check]",
    does: "Generates JSON Schema, AsyncAPI, OpenAPI, TypeScript types and the lists of emoji and blank characters from the Rust sources.",
    options: ["--check    writes nothing; fails if a committed file is out of date"],
    needs: ["rust", "compiler"],
  },
  "check-arm64": {
    usage: "npm run check:arm64",
    does: "Builds the bundle for ARM64 and checks its size; if qemu is installed, also that it answers recorded events.",
    options: [],
    needs: cloud,
  },
  bench: {
    usage: "npm run bench [-- [flood|posts|sweep|typing] [--outputs FILE] [--messages N] [--seconds N]]",
    does: "Measures latency on the running local cloud against a no-op frame, or one of these:",
    options: [
      "flood            the effect of one flooding client on 200 others; fails if their latency doubles",
      "posts            posts over TLS by function memory; no local cloud; needs Linux and root",
      "sweep            1,000 rooms that end at once, and a log of 100,000 rows; a local cloud that nobody else uses",
      "typing           key to painted pixel in the composer, with 50 and 5,000 messages; no local cloud",
      "--outputs FILE   the file with the addresses (default: .parlor/outputs.json)",
      "--messages N     how many messages to send (default: 300)",
      "--seconds N      how long to flood (default: 30)",
    ],
    needs: [],
  },
  chaos: {
    usage: "npm run chaos [-- --seed N] [--messages N] [--minutes M] [--outputs FILE]",
    does: "Runs clients that write in rooms, groups and direct conversations at random, while people come and go and faults are injected, on a local cloud of its own. Checks that no message is lost, duplicated, reordered, or told to anyone who is not a member.",
    options: [
      "--seed N         the same seed plans the same messages and faults (default: random)",
      "--messages N     how many messages to send (default: 2000 without --minutes)",
      "--minutes M      stops after so many minutes, however many messages were sent",
      "--outputs FILE   the addresses of a running stage, for instance .parlor/outputs.json of `npm start`",
    ],
    needs: cloud,
  },
  fuzz: {
    usage: "npm run fuzz [-- --target NAME …] [--runs N]",
    does: "Runs every parser of outside input on random input derived from the corpus, and stops at the first panic.",
    options: [
      "--target NAME   frames, events, cursors, tokens, keys or rows; repeatable (default: all)",
      "--runs N        executions per target (default: 1000000)",
    ],
    needs: ["rust", "compiler", "cxxCompiler"],
  },
  audit: {
    usage: "npm run audit",
    does: "Checks deployed dependencies: licenses, sources, duplicates and, if the databases can be reached, known vulnerabilities.",
    options: [],
    needs: ["rust", "compiler"],
  },
  fork: {
    usage: "npm run fork -- --name NAME [--protocol]",
    does: "Gives the product another name: page, texts, packages, crates, stacks, variables, tests. Needs a clone without uncommitted changes.",
    options: [
      "--name NAME   2 to 24 ASCII letters and digits, in words separated by one space or hyphen",
      "--protocol    also renames the WebSocket subprotocol and the headers, so that existing clients cannot connect",
    ],
    needs: ["rust"],
  },
  iam: {
    usage: "npm run iam [-- --stage NAME]",
    does: "Lists each route's role: what it may do, on what, and why, as the template says.",
    options: ["--stage NAME   the stage whose template to read (default: prod)"],
    needs: [],
  },
  bots: {
    usage: 'npm run bots -- try "MESSAGE" [--bot NAME] [--stage NAME]',
    does: "Says what a bot of the kind `answers` replies to a message, and why, and what is wrong with its file.",
    options: [
      "--bot NAME     the bot (default: the stage's first)",
      "--stage NAME   the stage whose setting has the bot (default: local)",
    ],
    needs: ["rust", "compiler"],
  },
  review: {
    usage: 'npm run review -- try "TEXT" [--stage NAME]',
    does: "Says what a stage's word lists find in a text, and what is wrong with a list.",
    options: ["--stage NAME   the stage whose setting has the lists (default: local)"],
    needs: ["rust", "compiler"],
  },
  permissions: {
    usage: "npm run permissions [-- ROUTE …]",
    does: "Prints the permission matrix: what each route answers each actor, for every target.",
    options: ["ROUTE …   only these routes (default: all)"],
    needs: [],
  },
  "iam-prove": {
    usage: "npm run iam:prove [-- --port N] [ROUTE …]",
    does: "Removes each grant on local clouds of its own and requires that a scenario then fails because of it.",
    options: [
      "--port N   the port of a running local cloud; all grants are restored at the end",
      "ROUTE …    only these routes (default: all)",
    ],
    needs: cloud,
  },
};

/** Returns the help for one command, or the list of all commands for an unknown name. */
export function help(name) {
  const command = commands[name];
  if (command) {
    return [command.usage, "", command.does, ...command.options.map((option) => `  ${option}`)].join("\n");
  }
  return Object.values(commands)
    .map(({ usage, does }) => `${usage}\n    ${does}`)
    .join("\n");
}
