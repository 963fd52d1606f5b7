// The grants of one route's role in a local cloud: taken away one at a time, and given back.
import { spawnSync } from "node:child_process";
import type { Route } from "../../cdk/routes/index.ts";
import { keysIn, POLICY, type Statement } from "../../cdk/template/route-permissions.ts";
import { element, query, request, rest, succeed } from "../../local/calls.ts";
import type { Instance } from "../../local/instance.ts";
import { physicalId, type Resource } from "../../local/resources.ts";
import type { Granted } from "./decisions.ts";

interface Document {
  readonly Statement: readonly Statement<string>[];
}

export class RolePolicy {
  readonly #at: Instance;
  readonly #route: Route;
  readonly #role: string;
  readonly #function: string;
  readonly #document: Document;
  readonly #restoreAtExit = () => this.#restoreNow();

  private constructor(at: Instance, route: Route, role: string, func: string, document: Document) {
    this.#at = at;
    this.#route = route;
    this.#role = role;
    this.#function = func;
    this.#document = document;
  }

  static async read(at: Instance, resources: readonly Resource[], route: Route): Promise<RolePolicy> {
    const id = route.name.replaceAll("-", "");
    const role = physicalId(resources, "AWS::IAM::Role", `${id}Role`);
    const func = physicalId(resources, "AWS::Lambda::Function", `${id}Function`);
    const answer = await succeed(at, query("iam", { Action: "GetRolePolicy", RoleName: role, PolicyName: POLICY }));
    return new RolePolicy(at, route, role, func, JSON.parse(decodeURIComponent(element(answer, "PolicyDocument"))));
  }

  /** In the order of the route's row. */
  get grants(): Granted[] {
    return this.#document.Statement.map(({ Action, Resource, Condition }) => ({
      role: this.#role,
      action: Action,
      resource: Resource,
      keys: keysIn(Condition),
    }));
  }

  /** Takes the grant at this place of the row away. */
  async take(place: number): Promise<void> {
    process.once("exit", this.#restoreAtExit);
    await succeed(this.#at, this.#put(without(this.#document, place)));
    // A function reads a key seldom, so it is to begin another life.
    if (this.#route.grants[place]?.[0] === "secretsmanager:GetSecretValue") await this.#restart();
  }

  async restore(): Promise<void> {
    await succeed(this.#at, this.#put(this.#document));
    process.off("exit", this.#restoreAtExit);
  }

  /** A process that exits waits for nothing but another one. */
  #restoreNow(): void {
    const { url, ...init } = request(this.#at, this.#put(this.#document));
    spawnSync(process.execPath, ["-e", `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)})`]);
  }

  #put(document: Document) {
    const policy = { RoleName: this.#role, PolicyName: POLICY };
    // A policy without a statement is none.
    if (document.Statement.length === 0) return query("iam", { Action: "DeleteRolePolicy", ...policy });
    return query("iam", { Action: "PutRolePolicy", ...policy, PolicyDocument: JSON.stringify(document) });
  }

  /** Its configuration is set to what it is: that alone makes the next invocation begin with a new process. */
  async #restart(): Promise<void> {
    const path = `/2015-03-31/functions/${this.#function}/configuration`;
    await succeed(this.#at, rest("lambda", "PUT", path, JSON.stringify({ Timeout: this.#route.timeout })));
  }
}

/** A policy without the statement at this place. */
export function without(document: Document, place: number): Document {
  return { ...document, Statement: document.Statement.filter((_, at) => at !== place) };
}
