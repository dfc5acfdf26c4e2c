"""Many clusters in the sandbox, made by two processes of which one is killed on the way.

usage: fleet.py [--tenants N] [--clusters N] [--limit SECONDS]
N clusters for each of the tenants; all must be ready within the limit. The last line but one has
the figures.
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import time

import callers
import product

KINDS = ["vcluster", "cluster", "namespace"]


class Fleet:
    """The clusters that are asked for, and what became of them."""

    def __init__(self, tenants, clusters):
        self.tenants = [f"team-{number:02}" for number in range(tenants)]
        self.wanted = {
            f"{tenant}/c{number}": KINDS[(number + index) % len(KINDS)]
            for index, tenant in enumerate(self.tenants) for number in range(clusters)
        }
        self.ids = {}
        self.wrong = []

    def order(self, servers, path, seconds):
        """One cluster, asked for again with the same key until somebody says yes."""
        tenant, name = path.split("/")
        body = {"name": name, "spec": {"kind": self.wanted[path]}}
        deadline = time.monotonic() + seconds
        attempt = 0
        while time.monotonic() < deadline:
            server = servers[attempt % len(servers)]
            attempt += 1
            try:
                answer = server.call("POST", f"/v1/tenants/{tenant}/clusters", body,
                                     Idempotency_Key=f"fleet-{tenant}-{name}")
            except product.Unreachable:
                time.sleep(0.2)
                continue
            if answer.status in (201, 202):
                self.ids[path] = answer.json["id"]
                return
            if not callers.may_ask_again(answer):
                self.wrong.append(f"{path}: {answer.status} {answer.body[:300]!r}")
                return
            time.sleep(0.2)
        self.wrong.append(f"{path}: not acknowledged in time")

    def phases(self, server):
        """How many clusters stand where, and their ids by path."""
        counts, ids = {}, {}
        for tenant in self.tenants:
            answer = server.call("GET", f"/v1/tenants/{tenant}/clusters?limit=500")
            for item in answer.json["items"]:
                phase = item["status"]["phase"]
                counts[phase] = counts.get(phase, 0) + 1
                ids[f"{tenant}/{item['name']}"] = item["id"]
        return counts, ids

    def await_ready(self, server, end):
        while True:
            counts, ids = self.phases(server)
            if counts.get("ready", 0) == len(self.wanted) or time.monotonic() > end:
                return counts, ids
            time.sleep(1)


def figure(server, name):
    """The sum of a metric's samples."""
    text = server.call("GET", "/metrics", token=None).body.decode()
    found = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.M)
    return sum(float(value) for value in found)


def memory_mb(server):
    """What the process holds now, and the most that it ever held."""
    with open(f"/proc/{server.process.pid}/status") as file:
        text = file.read()
    return tuple(int(re.search(rf"{name}:\s+(\d+)", text).group(1)) // 1024
                 for name in ("VmRSS", "VmHWM"))


def run(verdict, tenants, clusters, seconds):
    fleet = Fleet(tenants, clusters)
    total = len(fleet.wanted)
    print(f"{total} clusters of {tenants} tenants, two processes, one killed", flush=True)
    database = product.Postgres().start()
    data = product.folder("fleet")
    servers = []
    for _ in range(2):
        server = product.Server(data, database=database.url).start()
        server.wait_ready()
        servers.append(server)
    for tenant in fleet.tenants:
        servers[0].call("POST", "/v1/tenants", {
            "name": tenant,
            "spec": {"quotas": {"clusters": {"cluster": 100, "vcluster": 100, "namespace": 100},
                                "nodes": 1000, "awakeVirtualClusters": 100}}}, Prefer="wait=30")
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        orders = [pool.submit(fleet.order, servers, path, seconds) for path in fleet.wanted]
        while sum(order.done() for order in orders) < total * 2 // 3:
            time.sleep(0.05)
        # The first to have started: it watches, and plays the sandbox's controllers.
        servers[0].kill()
        for order in orders:
            order.result()
    verdict.check("every order was acknowledged", not fleet.wrong, "; ".join(fleet.wrong[:3]))
    time.sleep(3)
    servers[0].start()
    servers[0].wait_ready()
    counts, ids = fleet.await_ready(servers[1], begin + seconds)
    took = time.monotonic() - begin
    verdict.check("all are ready", counts == {"ready": total}, f"{counts} after {took:.0f} s")
    verdict.check("each is there once, as it was acknowledged", ids == fleet.ids)
    objects = check_once(verdict, database, data, fleet)
    watches = sum(figure(server, "slipway_kubernetes_watches") for server in servers)
    verdict.check("the number of watches does not follow the number of clusters",
                  0 < watches <= 40, str(watches))
    size = database.query("SELECT pg_database_size('postgres') / 1048576")[0]
    memory = " and ".join("{} MB (peak {})".format(*memory_mb(server)) for server in servers)
    print(f"  {counts.get('ready', 0)} of {total} ready in {took:.0f} s; {watches:.0f} watches;"
          f" {objects} objects; memory {memory}; database {size} MB", flush=True)
    for server in servers:
        server.stop()
    database.stop()


def check_once(verdict, database, data, fleet):
    """Whatever is made for a cluster is there for each of them, and once."""
    total = len(fleet.wanted)

    def count(sentence, wanted, sql):
        found = database.query(sql)
        verdict.check(sentence, found == [f"{wanted}|{wanted}"], f"{found}, not {wanted}")

    kinds = {kind: list(fleet.wanted.values()).count(kind) for kind in KINDS}
    objects = "SELECT count(*), count(DISTINCT (namespace, name)) FROM sandbox_object" \
              " WHERE cluster = 'management' AND NOT is_deleted AND "
    count("the management cluster holds one namespace for each", total,
          objects + "kind = 'Namespace' AND name LIKE 't-%'")
    count("one Cluster for each cluster", kinds["cluster"], objects + "kind = 'Cluster'")
    count("one release for each virtual cluster", kinds["vcluster"],
          objects + "kind = 'HelmRelease' AND name LIKE 'team-%'")
    count("one control plane played for each of both", kinds["cluster"] + kinds["vcluster"],
          "SELECT count(*), count(DISTINCT name) FROM sandbox_cluster WHERE name <> 'management'")
    count("one finished job for each", total,
          "SELECT count(*), count(DISTINCT subject_id) FROM job_history"
          " WHERE kind = 'cluster.create' AND state = 'completed'")
    count("one valid token for each", total,
          "SELECT count(*), count(DISTINCT name) FROM access_token"
          " WHERE name LIKE 'cluster %' AND revoked_at IS NULL")
    commits = commits_by_cluster(data)
    verdict.check("one commit for each in the management repository",
                  sorted(commits.values()) == [1] * total,
                  f"{len(commits)} clusters, most {max(commits.values(), default=0)}")
    return database.query("SELECT count(*) FROM sandbox_object WHERE NOT is_deleted")[0]


def commits_by_cluster(data):
    """How many commits of the management repository touch each cluster's folder."""
    folder = os.path.join(data, "repositories", "_platform", "management.git")
    command = ["git", "-c", "safe.directory=*", f"--git-dir={folder}", "log", "--format=format:+",
               "--name-only", "main", "--", "clusters"]
    log = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    counts = {}
    for commit in log.split("+\n"):
        paths = {tuple(line.split("/")[1:3]) for line in commit.split("\n") if line}
        for path in paths:
            counts[path] = counts.get(path, 0) + 1
    return counts


def main():
    parser = argparse.ArgumentParser(prog="fleet.py")
    parser.add_argument("--tenants", type=int, default=30)
    parser.add_argument("--clusters", type=int, default=10)
    parser.add_argument("--limit", type=int, default=900, help="seconds until all are ready")
    chosen = parser.parse_args()
    verdict = product.Verdict()
    run(verdict, chosen.tenants, chosen.clusters, chosen.limit)
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
