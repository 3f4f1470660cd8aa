"""Twenty people who open pages and read them for a second or three (locust)."""

import json
import os
from pathlib import Path

from locust import HttpUser, between, task

PAGES = json.loads(Path(os.environ["NOX_PAGES"]).read_text())


class Person(HttpUser):
    wait_time = between(1, 3)

    def on_start(self):
        self.turn = id(self) % len(PAGES)

    @task
    def page(self):
        page = PAGES[self.turn % len(PAGES)]
        self.turn += 1
        kept = {"Cookie": f"session_id={page['session']}"}
        name = page["title"]
        if page["params"] is None:
            self.client.get(page["url"], headers=kept, name=name)
            return
        body = {"jsonrpc": "2.0", "params": page["params"]}
        with self.client.post(
            page["url"], json=body, headers=kept, name=name, catch_response=True
        ) as answer:
            if "error" in answer.json():
                answer.failure(answer.text[:300])
