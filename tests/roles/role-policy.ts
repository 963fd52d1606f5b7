// Removes single grants from a route's role in a local cloud, and restores them.
import { spawnSync } from "node:child_process";
import type { Route } from "../../cdk/routes/index.ts";
import { keysIn, POLICY, type Statement } from "../../cdk/template/route-permissions.ts";
import { element, query, request, rest, succeed } from "../../local/calls.ts";
import type { Instance } from "../../local/instance.ts";
import { physicalId, type Resource } from "../../local/resources.ts";
import type { RoleStatement } from "./decisions.ts";

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

  /** One statement per grant, in the order of the route's row. */
  get statements(): RoleStatement[] {
    return this.#document.Statement.map(({ Action, Resource, Condition }) => ({
      role: this.#role,
      action: Action,
      resource: Resource,
      keys: keysIn(Condition),
    }));
  }

  /** Removes the grant at this index of the row. */
  async remove(index: number): Promise<void> {
    process.once("exit", this.#restoreAtExit);
    await succeed(this.#at, this.#put(without(this.#document, index)));
    // A function caches the key, so it has to start again.
    if (this.#route.grants[index]?.[0] === "secretsmanager:GetSecretValue") await this.#restart();
  }

  async restore(): Promise<void> {
    await succeed(this.#at, this.#put(this.#document));
    process.off("exit", this.#restoreAtExit);
  }

  /** Synchronous, for a process that is exiting. */
  #restoreNow(): void {
    const { url, ...init } = request(this.#at, this.#put(this.#document));
    spawnSync(process.execPath, ["-e", `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)})`]);
  }

  #put(document: Document) {
    const policy = { RoleName: this.#role, PolicyName: POLICY };
    // IAM accepts no policy without statements.
    if (document.Statement.length === 0) return query("iam", { Action: "DeleteRolePolicy", ...policy });
    return query("iam", { Action: "PutRolePolicy", ...policy, PolicyDocument: JSON.stringify(document) });
  }

  /** Any configuration update makes the next invocation start a new process; this one changes nothing. */
  async #restart(): Promise<void> {
    const path = `/2015-03-31/functions/${this.#function}/configuration`;
    await succeed(this.#at, rest("lambda", "PUT", path, JSON.stringify({ Timeout: this.#route.timeout })));
  }
}

/** Returns the policy without the statement at this index. */
export function without(document: Document, index: number): Document {
  return { ...document, Statement: document.Statement.filter((_, at) => at !== index) };
}
