"""Clusters whose creation is cut short by kill -9, again and again, and which are then deleted.

usage: storm.py [--short] [--rounds N] [--seed N]

Whatever was half made, the deletion must end, and leave nothing in the management repository, in
the sandbox and in the database. A round that fails names its seed: `--rounds 1 --seed N` plays it
again, as far as chance allows.
"""
import argparse
import os
import random
import subprocess
import sys
import time

import product
from edge import until

CLUSTERS = "/v1/tenants/acme/clusters"
KINDS = {"own": "cluster", "virtual": "vcluster"}
# What is there for clusters and must go with them; leases and events come and go by themselves.
ROWS = [
    "SELECT 'sandbox', cluster, kind, namespace, name FROM sandbox_object"
    " WHERE NOT is_deleted AND kind NOT IN ('Lease', 'Event')",
    "SELECT 'played', name FROM sandbox_cluster", "SELECT 'cluster', name FROM cluster",
    "SELECT 'inventory', kind, name FROM inventory",
    "SELECT 'token', name FROM access_token WHERE revoked_at IS NULL",
    "SELECT 'job', kind, subject_name FROM job",
]


class Storm:
    """One Slipway with a database of its own, which survives it."""

    def __init__(self):
        self.database = product.Postgres().start()
        data = product.folder("storm")
        self.server = product.Server(data, database=self.database.url).start()
        self.server.wait_ready()
        self.ask("POST", "/v1/tenants", {"name": "acme"}, Prefer="wait=30")
        self.files = os.path.join(data, "repositories", "_platform", "management.git")
        self.before = self.world()

    def ask(self, method, path, body=None, seconds=60, **headers):
        """One call, repeated until somebody answers it."""
        limit = time.monotonic() + seconds
        while True:
            try:
                answer = self.server.call(method, path, body, **headers)
                if answer.status not in (429, 503) or time.monotonic() > limit:
                    return answer
            except product.Unreachable:
                if time.monotonic() > limit:
                    raise
            time.sleep(0.2)

    def world(self):
        """Everything that is there."""
        words = ["git", "-c", "safe.directory=*", f"--git-dir={self.files}", "ls-tree", "-r",
                 "main"]
        tree = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        rows = [row for sql in ROWS for row in self.database.query(sql)]
        return set(tree.splitlines()) | set(rows)

    def strike(self, seconds):
        """Ends the server after that long and starts it again, without a pause."""
        time.sleep(seconds)
        self.server.kill()
        self.server.start()

    def are_gone(self):
        return all(self.server.call("GET", f"{CLUSTERS}/{name}").status == 404 for name in KINDS)

    def stories(self):
        """Where the clusters stand, and what their jobs say."""
        found = []
        for name in KINDS:
            answer = self.server.call("GET", f"{CLUSTERS}/{name}")
            if answer.status == 200:
                job = self.server.call("GET", f"/v1/jobs/{answer.json['status']['job']}").json
                found.append(f"{name}: {answer.json['status']['phase']}, {job['status']}")
        return "\n".join(found)

    def play(self, verdict, seed, seconds):
        """One round."""
        chance = random.Random(seed)
        for name, kind in KINDS.items():
            answer = self.ask("POST", CLUSTERS, {"name": name, "spec": {"kind": kind}},
                              Idempotency_Key=f"storm-{seed}-{name}")
            if answer.status not in (201, 202):
                return verdict.check(f"a {kind} is ordered", False, answer.body.decode())
        # Counted from the start of the process, which may be killed before it is ready.
        moments = [chance.uniform(0, 5) for _ in range(chance.choice([2, 3]))]
        for moment in moments:
            self.strike(moment)
        self.server.wait_ready()
        for name in KINDS:
            self.ask("DELETE", f"{CLUSTERS}/{name}")
        if chance.random() < 0.5:
            moments.append(chance.uniform(0, 2))
            self.strike(moments[-1])
            self.server.wait_ready()
        took = until(self.are_gone, seconds)
        kills = ", ".join(f"{moment:.1f}" for moment in moments)
        verdict.check(f"seed {seed}: killed after {kills} s; gone after {took or seconds:.1f} s",
                      took is not None, "" if took is not None else self.stories())
        until(lambda: self.world() == self.before, 30, every=1)
        left = sorted(self.world() ^ self.before)
        return verdict.check("and nothing is left", not left, "\n".join(left))


def main():
    parser = argparse.ArgumentParser(prog="storm.py")
    parser.add_argument("--short", action="store_true", help="one round")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 16))
    parser.add_argument("--limit", type=int, default=120, help="seconds of a deletion")
    chosen = parser.parse_args()
    verdict = product.Verdict()
    storm = Storm()
    begin = time.monotonic()
    for number in range(1 if chosen.short else chosen.rounds):
        if not storm.play(verdict, chosen.seed + number, chosen.limit):
            break
    print(f"  {time.monotonic() - begin:.0f} s, first seed {chosen.seed}", flush=True)
    gone = storm.ask("DELETE", "/v1/tenants/acme", Prefer="wait=30")
    verdict.check("the tenant goes", gone.status == 204, gone.body.decode())
    verdict.check("the server stops when it is told to", storm.server.stop() == 0,
                  storm.server.tail(5))
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
