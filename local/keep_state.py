"""Keeps MiniStack's state in STATE_DIR, so that tables, keys and addresses are the same after the next start.

MiniStack itself saves once, when it is told to end. Here a copy of the process saves every few seconds while the local
cloud is in use, so that a crash loses no more than that.
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

#: Between two saves, in seconds.
PAUSE = 5
#: A save that takes longer, in seconds, hangs on something that the copied process will never get.
TOO_LONG = 60

#: What grows with each invocation and is of use only while functions run.
LEFT_OUT = {"cloudwatch": ["metrics"], "cloudwatch_logs": ["log_records", "queries"]}


class Keeper:
    def __init__(self):
        self.in_use = False
        #: The process that saves, while one does.
        self.saver = None

    def is_deploying(self):
        """A stack that is half changed would refuse every later change."""
        statuses = [stack.get("StackStatus", "") for stack in cloudformation._stacks.all_values()]
        return any(status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS" for status in statuses)

    async def save_while_in_use(self):
        while True:
            await asyncio.sleep(PAUSE)
            if not self.in_use or self.is_deploying():
                continue
            self.in_use = False
            self.saver = start_saver(in_the_background=True)
            status = await asyncio.to_thread(wait_for, self.saver)
            self.saver = None
            self.in_use = self.in_use or status != 0

    def save_at_end(self):
        """Whether what there is now is saved."""
        if self.saver:
            try:
                os.kill(self.saver, signal.SIGKILL)
            except ProcessLookupError:
                pass
            wait_for(self.saver)
        return not self.is_deploying() and wait_for(start_saver()) == 0


keeper = Keeper()


def wait_for(process):
    """Its status; that of one that was waited for already is not known."""
    try:
        return os.waitpid(process, 0)[1]
    except ChildProcessError:
        return None


def start_saver(in_the_background=False):
    """A copy of this process, where no other thread changes what is being saved. To be called on the thread that carries
    out requests: then none of them is half done."""
    saver = os.fork()
    if saver:
        return saver
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(TOO_LONG)
        os.nice(10 if in_the_background else 0)
        # Connections end when MiniStack closes them, not when this copy does.
        for name in os.listdir("/dev/fd"):
            if int(name) > 2:
                try:
                    os.close(int(name))
                except OSError:
                    pass
        save()
        os._exit(0)
    except BaseException as error:
        sys.stderr.write(f"The local cloud's state could not be saved: {error}\n")
        sys.stderr.flush()
        os._exit(1)


def save():
    """Replaces all files at once, each written to the end. For a process that does nothing else, before or after."""
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
        for part in LEFT_OUT.get(name, ()):
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
    """MiniStack starts without what it cannot read: a stack without its tables is worse than no start."""
    for name, module in app._state_map.items():
        path = os.path.join(persistence.STATE_DIR, f"{name}.json")
        if not os.path.exists(path):
            continue
        try:
            state = persistence.load_state(name)
            if state is None:
                raise ValueError("the line above says why")
            app._get_module(module).load_persisted_state(state)
        except Exception as error:
            sys.stderr.write(f"{path} cannot be read: {error}\n")
            sys.stderr.flush()
            os._exit(1)


def install():
    serve = app.app
    saving = None

    async def serve_and_note(scope, receive, send):
        nonlocal saving
        if scope["type"] == "lifespan":
            saving = asyncio.create_task(keeper.save_while_in_use())
        elif not scope["path"].startswith("/_ministack/"):
            keeper.in_use = True
        await serve(scope, receive, send)

    app.app = serve_and_note
    app._load_persisted_state = load
    app.save_all = lambda services: keeper.save_at_end()


def end():
    """Saves and ends this process and its functions, from whatever thread."""

    def save_and_end():
        keeper.save_at_end()
        os.killpg(0, signal.SIGKILL)

    app._MAIN_LOOP.call_soon_threadsafe(save_and_end)
