// The commands there are: what each does, its options, and what it needs on the machine besides Node.
const cloud = ["rust", "python", "compiler"];

export const commands = {
  start: {
    usage: "npm start [-- --port N] [--fresh]",
    does: "Starts the local cloud, deploys Parlor into it, prints its addresses and then one line per invocation. Ctrl-C ends it; rooms and people are kept for the next start.",
    options: [
      "--port N   the port on localhost, 4566 unless given; two can run side by side, each with rooms of its own",
      "--fresh    starts over: without the rooms and people of the starts before, on this port",
    ],
    needs: cloud,
  },
  test: {
    usage: "npm test [-- rust|ts|e2e|newcomer …]",
    does: "Runs every check but those of `npm run check:arm64`, `audit` and `fuzz`; or only the parts named.",
    options: [
      "rust       formatting, clippy, unit and store tests",
      "ts         types, lint, template, client and page tests, generated files, cfn-lint",
      "e2e        the local cloud's state and queries, the scenarios, the roles, the page in Chromium and talk under faults on a local cloud of its own",
      "newcomer   `npm start` in a fresh copy of this folder, on a machine that is set up for everything else",
    ],
    needs: cloud,
  },
  "deploy-local": {
    usage: "npm run deploy:local [-- --port N]",
    does: "Brings changed handlers, page and stack into the local cloud that `npm start` runs.",
    options: ["--port N   the port that it runs on, 4566 unless given"],
    needs: cloud,
  },
  "diff-local": {
    usage: "npm run diff:local",
    does: "Shows what the local stage's template does differently from the one that AWS gets, and why.",
    options: [],
    needs: [],
  },
  smoke: {
    usage: "npm run smoke -- --stage NAME | --url SITE",
    does: "Runs the scenarios, but for the floods, against a deployed stage and removes what they made.",
    options: [
      "--stage NAME   finds the stage's address in CloudFormation, with your AWS credentials; `local` is the one of `npm start`",
      "--url SITE     the address of the page",
    ],
    needs: [],
    usesAws: true,
  },
  generate: {
    usage: "npm run generate [-- --check]",
    does: "Writes schema, AsyncAPI, OpenAPI, TypeScript types and the lists of emoji and blank characters from the Rust sources.",
    options: ["--check    writes nothing; fails when what is committed differs"],
    needs: ["rust", "compiler"],
  },
  "check-arm64": {
    usage: "npm run check:arm64",
    does: "Builds the bundle for ARM64, checks its size and, where qemu is there, that it answers recorded events.",
    options: [],
    needs: cloud,
  },
  bench: {
    usage: "npm run bench [-- [flood|posts|typing] [--outputs FILE] [--messages N] [--seconds N]]",
    does: "Measures latency on the local cloud that `npm start` runs, beside the least that a frame takes.",
    options: [
      "posts            instead, without a cloud: what posts over TLS take by a function's memory; needs Linux and root",
      "typing           instead, without a cloud: from a key to the painted pixel in the composer, with 50 and 5,000 messages",
      "flood            instead, what one who sends as fast as they can does to 200 others; fails when they wait twice as long",
      "--outputs FILE   the file with its addresses, .parlor/outputs.json unless given",
      "--messages N     how many messages to send, 300 unless given",
      "--seconds N      how long to flood, 30 unless given",
    ],
    needs: [],
  },
  chaos: {
    usage: "npm run chaos [-- --seed N] [--messages N] [--minutes M] [--outputs FILE]",
    does: "Lets people talk at random while much goes wrong, on a local cloud of its own, and checks that nothing is lost, doubled or reordered.",
    options: [
      "--seed N         the same seed plans the same talk and the same faults; another one each time unless given",
      "--messages N     how many messages are said, 2000 unless given or bounded by --minutes",
      "--minutes M      ends the talk after so long, however many were said",
      "--outputs FILE   the addresses of a stage that runs already, for instance .parlor/outputs.json of `npm start`",
    ],
    needs: cloud,
  },
  fuzz: {
    usage: "npm run fuzz [-- --target NAME …] [--runs N]",
    does: "Throws random input, bred from the corpus, at whatever reads what others send, and stops at the first panic.",
    options: [
      "--target NAME   frames, events, cursors, tokens, keys or rows; may be given several times, all unless given",
      "--runs N        executions of each target, 1000000 unless given",
    ],
    needs: ["rust", "compiler", "cxxCompiler"],
  },
  audit: {
    usage: "npm run audit",
    does: "Checks what is deployed: licences, sources, duplicates and, where that can be looked up, known vulnerabilities.",
    options: [],
    needs: ["rust", "compiler"],
  },
  iam: {
    usage: "npm run iam [-- --stage NAME]",
    does: "Shows what each route's role may do, on what, and why, as the template has it.",
    options: ["--stage NAME   whose template, prod unless given"],
    needs: [],
  },
  permissions: {
    usage: "npm run permissions [-- ROUTE …]",
    does: "Prints the permission matrix: what each route answers each actor, for every target.",
    options: ["ROUTE …   only these routes (default: all)"],
    needs: [],
  },
  "iam-prove": {
    usage: "npm run iam:prove [-- --port N] [route …]",
    does: "Takes each grant away in turn, on a local cloud of its own, and requires that a scenario then fails because of it.",
    options: [
      "--port N   the port of a local cloud that runs already; each role gets its grants back",
      "route …    only these routes, all unless given",
    ],
    needs: cloud,
  },
};

/** The help for one command, or the list of all when there is no such command. */
export function help(name) {
  const command = commands[name];
  if (command) {
    return [command.usage, "", command.does, ...command.options.map((option) => `  ${option}`)].join("\n");
  }
  return Object.values(commands)
    .map(({ usage, does }) => `${usage}\n    ${does}`)
    .join("\n");
}
