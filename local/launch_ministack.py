"""Starts MiniStack with what it has no settings for. Each change says why; the version is pinned."""

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


def send_at_once():
    """Its Runtime API writes header and body apart: Nagle's algorithm adds 40 ms and more to each invocation."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def trust_one_log_line():
    """After a function's last log line it waits 5 ms for more; ours write one line per invocation."""
    first_line_wait, _idle_confirm, hard_cap = Worker._drain_stderr_bounded.__defaults__
    Worker._drain_stderr_bounded.__defaults__ = (first_line_wait, 0.0, hard_cap)


def report_invocations():
    """One line of JSON on standard output each. Polling CloudWatch Logs costs it 10 ms per function and poll."""
    reports, sys.stdout = sys.stdout, sys.stderr
    one_at_a_time = threading.Lock()
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
        with one_at_a_time:
            print(json.dumps(invocation), file=reports, flush=True)
        return result

    lambda_svc._execute_function_dispatch = dispatch_and_report


def take_turns():
    """On AWS each invocation has a machine of its own. Here all share this one, and its Python: of very many beside each
    other none is done before its time is over, and who tries again makes it worse. No function waits for another's
    answer, so they may wait for a turn. Those that wait count as running: AWS's quota stands for MiniStack's, which it
    takes from this machine's memory."""
    lambda_svc._ACCOUNT_CONCURRENCY_CAP = 1000
    turns = threading.BoundedSemaphore(4 * (os.cpu_count() or 1))
    dispatch = lambda_svc._execute_function_dispatch

    def dispatch_in_turn(*args):
        with turns:
            return dispatch(*args)

    lambda_svc._execute_function_dispatch = dispatch_in_turn


def report_decisions():
    """One line of JSON in the log for each call of a role: a function's own line tells of a refused call only where
    that failed the whole, and of a call that went well nowhere."""
    enforce = iam_evaluator.enforce

    def enforce_and_report(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        refused = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
        session = sts._sessions.get(access_key_id)
        if session and not isinstance(refused, iam_evaluator.AuthError):
            role = session["Arn"].split("/")[1]
            decision = {
                "role": role,
                "action": iam_action,
                "resource": resource_arn,
                "keys": (service_context or {}).get(LEADING_KEYS, []),
                "allowed": refused is None,
            }
            # In one piece: `print` writes the line and its end apart, and calls are handled side by side.
            sys.stderr.write(json.dumps({"decision": decision}) + "\n")
            sys.stderr.flush()
        return refused

    iam_evaluator.enforce = enforce_and_report


LEADING_KEYS = "dynamodb:LeadingKeys"


def leading_keys(request):
    """The partition keys that a request on one table names, or nothing, whereupon no condition on them holds."""
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
    """The ARN of the table of one item of a transaction, which is decided on like a call of its own."""

    keys = []


def name_leading_keys():
    """MiniStack evaluates conditions on the rows of a call, but does not say which these are."""
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
    """API Gateway takes the subprotocol from the answer of $connect; MiniStack takes none, and clients then hang up."""
    subprotocol = ContextVar("subprotocol", default=None)
    invoke, handle = apigateway._invoke_ws_lambda, apigateway.handle_websocket

    async def invoke_and_note(*args, **kwargs):
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

    apigateway._invoke_ws_lambda = invoke_and_note
    apigateway.handle_websocket = handle_with_subprotocol


def stop_when_ended():
    """Nothing more comes from a connection that a function has ended; MiniStack first works off every frame that is there."""
    invoke = apigateway._invoke_ws_lambda

    async def invoke_while_open(api, account, region, route, stage, connection_id, event_type, *args, **kwargs):
        if event_type == "MESSAGE" and connection_id not in apigateway._ws_connections:
            return None
        return await invoke(api, account, region, route, stage, connection_id, event_type, *args, **kwargs)

    apigateway._invoke_ws_lambda = invoke_while_open


def end_with_starter():
    """Standard input ends when the starter closes it or is gone, however it went; then this process and its functions end
    too, after a save where the state is kept."""

    def wait():
        sys.stdin.read()
        # Before it serves, nothing has changed that could be saved.
        if persistence.PERSIST_STATE and app._MAIN_LOOP:
            keep_state.end()
            time.sleep(keep_state.TOO_LONG)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


send_at_once()
trust_one_log_line()
report_invocations()
take_turns()
if os.environ.get("PARLOR_REPORT_DECISIONS"):
    report_decisions()
name_leading_keys()
answer_subprotocol()
stop_when_ended()
query_by_key.install()
if persistence.PERSIST_STATE:
    keep_state.install()
end_with_starter()
app.main()
