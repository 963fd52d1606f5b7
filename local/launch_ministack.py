"""Starts MiniStack and patches what it has no settings for. Its version is pinned; each patch gives its reason."""

import json
import os
import re
import signal
import socketserver
import sys
import threading
import time
from contextvars import ContextVar

import keep_state
import query_by_key
from ministack import app
from ministack.core import iam_actions, iam_evaluator, persistence
from ministack.core.lambda_runtime import Worker
from ministack.services import apigateway, dynamodb, lambda_svc, sts


def disable_nagle():
    """The Runtime API writes header and body separately, so Nagle's algorithm adds 40 ms and more per invocation."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def expect_one_log_line():
    """MiniStack waits 5 ms for more lines after a function's last one. Ours write one line per invocation."""
    first_line_wait, _idle_confirm, hard_cap = Worker._drain_stderr_bounded.__defaults__
    Worker._drain_stderr_bounded.__defaults__ = (first_line_wait, 0.0, hard_cap)


def report_invocations():
    """Writes one line of JSON per invocation to standard output. Polling CloudWatch Logs would cost 10 ms per function
    and poll."""
    reports, sys.stdout = sys.stdout, sys.stderr
    lock = threading.Lock()
    dispatch = lambda_svc._execute_function_dispatch

    def dispatch_and_report(func, config, *args):
        result = dispatch(func, config, *args)
        body = result.get("body")
        failed = result.get("error") and isinstance(body, dict)
        invocation = {
            "route": config.get("Environment", {}).get("Variables", {}).get("ROUTE", config["FunctionName"]),
            "lines": result.get("log", "").splitlines(),
            "error": body.get("errorMessage") if failed else None,
        }
        with lock:
            print(json.dumps(invocation), file=reports, flush=True)
        return result

    lambda_svc._execute_function_dispatch = dispatch_and_report


def limit_running_functions():
    """Runs at most four functions per processor; further invocations wait.

    On AWS each invocation has its own machine. Here all share this one and its Python process: when too many run at
    once, all of them time out, and retries make it worse. Waiting cannot deadlock, because no function waits for
    another one's answer. Waiting invocations count as running, so the concurrency limit is AWS's default quota
    instead of the one that MiniStack derives from this machine's memory."""
    lambda_svc._ACCOUNT_CONCURRENCY_CAP = 1000
    slots = threading.BoundedSemaphore(4 * (os.cpu_count() or 1))
    dispatch = lambda_svc._execute_function_dispatch

    def dispatch_in_slot(*args):
        with slots:
            return dispatch(*args)

    lambda_svc._execute_function_dispatch = dispatch_in_slot


def report_decisions():
    """Writes one line of JSON to the log for each IAM decision about a role. A function's own log line mentions a denied
    call only if the invocation failed because of it, and never an allowed one."""
    enforce = iam_evaluator.enforce

    def enforce_and_report(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        refused = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
        session = sts._sessions.get(access_key_id)
        if session and not isinstance(refused, iam_evaluator.AuthError):
            role = session["Arn"].split("/")[1]
            decision = {
                "at": time.time() * 1000,
                "role": role,
                "action": iam_action,
                "resource": resource_arn,
                "keys": (service_context or {}).get(LEADING_KEYS, []),
                "allowed": refused is None,
            }
            # One write: `print` writes the line break separately, and calls run concurrently.
            sys.stderr.write(json.dumps({"decision": decision}) + "\n")
            sys.stderr.flush()
        return refused

    iam_evaluator.enforce = enforce_and_report


LEADING_KEYS = "dynamodb:LeadingKeys"


def leading_keys(request):
    """Returns the partition keys in a request on one table. Without any, no condition on them holds."""
    if len(batches := request.get("RequestItems", {})) == 1:
        ((name, batch),) = batches.items()
        # A batch of writes is a list. No function may write batches.
        keys = batch.get("Keys", []) if isinstance(batch, dict) else []
        return [key for item in keys for key in leading_keys({"TableName": name, "Key": item})]
    table = dynamodb._tables.get(dynamodb._normalize_table_name(request.get("TableName")), {})
    indexes = {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", [])}
    schema = indexes.get(request.get("IndexName"), table).get("KeySchema", [])
    partition = next((key["AttributeName"] for key in schema if key["KeyType"] == "HASH"), None)
    names, values = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})
    equalities = re.findall(r"([#\w]+)\s*=\s*(:\w+)", request.get("KeyConditionExpression", ""))
    queried = [values.get(value) for name, value in equalities if names.get(name, name) == partition]
    named = [request.get(field, {}).get(partition) for field in ("Key", "Item")]
    return [str(next(iter(value.values()))) for value in queried + named if value]


class ItemArn(str):
    """The table ARN of one item of a transaction. IAM decides on each item separately."""

    keys = []


def provide_leading_keys():
    """MiniStack evaluates conditions on `dynamodb:LeadingKeys` but does not provide its value."""
    describe, checks_of, enforce = (
        iam_actions.dynamodb_service_context,
        iam_actions.dynamodb_transaction_checks,
        iam_evaluator.enforce,
    )

    def with_keys(context, keys):
        return {**(context or {}), LEADING_KEYS: keys} if keys else context

    def describe_with_keys(body):
        return with_keys(describe(body), leading_keys(json.loads(body or b"{}")))

    def checks_with_keys(iam_action, body, *where):
        checks = []
        for item in json.loads(body or b"{}").get("TransactItems", []):
            for action, arn in checks_of(iam_action, json.dumps({"TransactItems": [item]}).encode(), *where):
                arn = ItemArn(arn)
                arn.keys = [key for request in item.values() for key in leading_keys(request)]
                checks.append((action, arn))
        return checks

    def enforce_with_keys(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        keys = resource_arn.keys if isinstance(resource_arn, ItemArn) else []
        return enforce(access_key_id, iam_action, service, region, str(resource_arn), with_keys(service_context, keys))

    iam_actions.dynamodb_service_context = describe_with_keys
    iam_actions.dynamodb_transaction_checks = checks_with_keys
    iam_evaluator.enforce = enforce_with_keys


def answer_subprotocol():
    """API Gateway takes the subprotocol from the response of $connect. MiniStack sends none, so clients close the
    connection."""
    subprotocol = ContextVar("subprotocol", default=None)
    invoke, handle = apigateway._invoke_ws_lambda, apigateway.handle_websocket

    async def invoke_and_remember(*args, **kwargs):
        answer = await invoke(*args, **kwargs)
        headers = (answer or {}).get("headers") or {}
        subprotocol.set({name.lower(): value for name, value in headers.items()}.get("sec-websocket-protocol"))
        return answer

    async def handle_with_subprotocol(scope, receive, send, *args, **kwargs):
        async def send_with_subprotocol(message):
            if message["type"] == "websocket.accept":
                message["subprotocol"] = subprotocol.get()
            await send(message)

        await handle(scope, receive, send_with_subprotocol, *args, **kwargs)

    apigateway._invoke_ws_lambda = invoke_and_remember
    apigateway.handle_websocket = handle_with_subprotocol


def drop_frames_after_disconnect():
    """Once a function has ended a connection, API Gateway delivers no more of its frames. MiniStack would first process
    all that are queued."""
    invoke = apigateway._invoke_ws_lambda

    async def invoke_while_open(api, account, region, route, stage, connection_id, event_type, *args, **kwargs):
        if event_type == "MESSAGE" and connection_id not in apigateway._ws_connections:
            return None
        return await invoke(api, account, region, route, stage, connection_id, event_type, *args, **kwargs)

    apigateway._invoke_ws_lambda = invoke_while_open


def exit_with_parent():
    """Ends this process and its functions when standard input ends: the parent closed it or died. Saves first if the
    state is kept."""

    def wait():
        sys.stdin.read()
        # Until MiniStack serves requests, there is nothing to save.
        if persistence.PERSIST_STATE and app._MAIN_LOOP:
            keep_state.save_and_exit()
            time.sleep(keep_state.SAVE_TIMEOUT)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


disable_nagle()
expect_one_log_line()
report_invocations()
limit_running_functions()
if os.environ.get("PARLOR_REPORT_DECISIONS"):
    report_decisions()
provide_leading_keys()
answer_subprotocol()
drop_frames_after_disconnect()
query_by_key.install()
if persistence.PERSIST_STATE:
    keep_state.install()
exit_with_parent()
app.main()
