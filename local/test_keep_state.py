"""Saved state is complete, even while other threads change it."""

import json
import os
import signal
import tempfile
import threading
import unittest

folder = tempfile.TemporaryDirectory()
os.environ.update(PERSIST_STATE="1", STATE_DIR=folder.name)

import keep_state  # noqa: E402: MiniStack reads its environment when it is imported
from ministack.services import cloudformation, dynamodb, lambda_svc  # noqa: E402


def saved(name="lambda"):
    with open(os.path.join(folder.name, f"{name}.json"), encoding="utf-8") as file:
        return json.load(file)["payload"]


class Saving(unittest.TestCase):
    def setUp(self):
        dynamodb.reset()
        cloudformation.reset()
        lambda_svc._layers.clear()

    def test_is_complete_while_other_threads_change_the_state(self):
        ended = threading.Event()

        def change():
            while not ended.is_set():
                for n in range(300):
                    lambda_svc._layers[f"layer-{n}"] = {"versions": {str(n): {"n": n}}}
                for n in range(300):
                    del lambda_svc._layers[f"layer-{n}"]

        lambda_svc._layers["always"] = {}
        thread = threading.Thread(target=change)
        thread.start()
        try:
            for n in range(4):
                lambda_svc._layers["last"] = {"n": n}
                self.assertTrue(keep_state.keeper.save_at_end())
                layers = {key.split("\0")[-1]: value for key, value in saved()["layers"]["data"].items()}
                self.assertEqual(layers["'last'"], {"n": n})
        finally:
            ended.set()
            thread.join()

    def test_keeps_the_previous_state_during_a_deployment(self):
        self.assertTrue(keep_state.keeper.save_at_end())
        cloudformation._stacks["parlor-local"] = {"StackStatus": "UPDATE_IN_PROGRESS"}
        self.assertFalse(keep_state.keeper.save_at_end())
        self.assertEqual(saved("cloudformation")["stacks"]["data"], {})

    def test_replaces_a_save_that_is_still_running(self):
        earlier = os.fork()
        if earlier == 0:
            signal.pause()
        keep_state.keeper.saver = earlier
        self.addCleanup(setattr, keep_state.keeper, "saver", None)
        self.assertTrue(keep_state.keeper.save_at_end())
        self.assertRaises(ChildProcessError, os.waitpid, earlier, 0)


if __name__ == "__main__":
    unittest.main()
