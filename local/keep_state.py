"""Keeps MiniStack's state in STATE_DIR, so that tables, keys and addresses survive a restart.

MiniStack saves only when it is told to exit. Here, a forked copy of the process saves every few seconds while the local
cloud is in use, so a crash loses no more than that.
"""

import asyncio
import copy
import json
import os
import signal
import sys

from ministack import app
from ministack.core import persistence
from ministack.services import cloudformation

#: Seconds between two saves.
SAVE_INTERVAL = 5
#: Seconds. A save that takes longer waits for something that a forked process never gets, such as a lock.
SAVE_TIMEOUT = 60

#: Not saved: grows with each invocation and is of no use after a restart.
EXCLUDED = {"cloudwatch": ["metrics"], "cloudwatch_logs": ["log_records", "queries"]}


class StateKeeper:
    def __init__(self):
        self.in_use = False
        #: The process that is saving, if any.
        self.saver = None

    def is_deploying(self):
        """Nothing is saved then: a stack restored in the middle of an update refuses every later one."""
        statuses = [stack.get("StackStatus", "") for stack in cloudformation._stacks.all_values()]
        return any(status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS" for status in statuses)

    async def save_while_in_use(self):
        while True:
            await asyncio.sleep(SAVE_INTERVAL)
            if not self.in_use or self.is_deploying():
                continue
            self.in_use = False
            self.saver = start_saver(in_the_background=True)
            status = await asyncio.to_thread(wait_for, self.saver)
            self.saver = None
            self.in_use = self.in_use or status != 0

    def save_at_end(self):
        """Returns whether the current state was saved."""
        if self.saver:
            try:
                os.kill(self.saver, signal.SIGKILL)
            except ProcessLookupError:
                pass
            wait_for(self.saver)
        return not self.is_deploying() and wait_for(start_saver()) == 0


keeper = StateKeeper()


def wait_for(process):
    """Returns the exit status, or None if somebody else has waited for the process."""
    try:
        return os.waitpid(process, 0)[1]
    except ChildProcessError:
        return None


def start_saver(in_the_background=False):
    """Forks a process that saves. No other thread runs in it, so nothing changes during the save. Call this on the
    thread that handles requests, so that no request is half done."""
    saver = os.fork()
    if saver:
        return saver
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(SAVE_TIMEOUT)
        os.nice(10 if in_the_background else 0)
        # Otherwise connections would stay open until this copy exits.
        for name in os.listdir("/dev/fd"):
            if int(name) > 2:
                try:
                    os.close(int(name))
                except OSError:
                    pass
        save()
        os._exit(0)
    except BaseException as error:
        sys.stderr.write(f"Could not save the local cloud's state: {error}\n")
        sys.stderr.flush()
        os._exit(1)


def save():
    """Writes all files next to the old ones, then replaces those. Only for a process that does nothing else: it patches
    global functions."""
    copy.deepcopy = lambda value: value
    os.umask(0o077)
    os.makedirs(persistence.STATE_DIR, exist_ok=True)
    lambda_svc = sys.modules.get("ministack.services.lambda_svc")
    remove_old_code = lambda_svc._prune_orphan_code_blobs
    in_use = set()
    lambda_svc._prune_orphan_code_blobs = in_use.update
    paths = []
    for name, get_state in app._build_persistence_save_dict().items():
        state = get_state()
        if state is None:
            continue
        for part in EXCLUDED.get(name, ()):
            state.pop(part)
        if name == "cloudwatch_logs":
            for group in state["log_groups"].all_values():
                group["streams"] = {}
        version = persistence._state_format_version(name)
        text = json.dumps({"__ministack_format__": version, "payload": state}, default=persistence._json_default)
        path = os.path.join(persistence.STATE_DIR, f"{name}.json")
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        paths.append(path)
    for path in paths:
        os.replace(f"{path}.new", path)
    remove_old_code(in_use)


def load():
    """Loads the state, or exits. MiniStack would start without a file it cannot read, and a stack without its tables is
    worse than none."""
    for name, module in app._state_map.items():
        path = os.path.join(persistence.STATE_DIR, f"{name}.json")
        if not os.path.exists(path):
            continue
        try:
            state = persistence.load_state(name)
            if state is None:
                raise ValueError("see the line above")
            app._get_module(module).load_persisted_state(state)
        except Exception as error:
            sys.stderr.write(f"Could not read {path}: {error}\n")
            sys.stderr.flush()
            os._exit(1)


def install():
    serve = app.app
    saving = None

    async def serve_and_mark(scope, receive, send):
        nonlocal saving
        if scope["type"] == "lifespan":
            saving = asyncio.create_task(keeper.save_while_in_use())
        elif not scope["path"].startswith("/_ministack/"):
            keeper.in_use = True
        await serve(scope, receive, send)

    app.app = serve_and_mark
    app._load_persisted_state = load
    app.save_all = lambda services: keeper.save_at_end()


def save_and_exit():
    """Saves, then ends this process and its functions. Can be called from any thread."""

    def save_then_kill():
        keeper.save_at_end()
        os.killpg(0, signal.SIGKILL)

    app._MAIN_LOOP.call_soon_threadsafe(save_then_kill)
