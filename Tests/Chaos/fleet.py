"""Many clusters in the sandbox, made by two processes of which one is killed on the way.

usage: fleet.py [--tenants N] [--clusters N]    N clusters for each of the tenants
"""
import argparse
import concurrent.futures
import re
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

    def await_ready(self, server, seconds):
        begin = time.monotonic()
        while True:
            counts, ids = self.phases(server)
            took = time.monotonic() - begin
            if counts.get("ready", 0) == len(self.wanted) or took > seconds:
                return counts, ids, took
            time.sleep(1)


def figure(server, name):
    """The sum of a metric's samples."""
    text = server.call("GET", "/metrics", token=None).body.decode()
    found = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.M)
    return sum(float(value) for value in found)


def memory_mb(server):
    with open(f"/proc/{server.process.pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024


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
        servers[1].kill()
        for order in orders:
            order.result()
    verdict.check("every order was acknowledged", not fleet.wrong, "; ".join(fleet.wrong[:3]))
    time.sleep(3)
    servers[1].start()
    servers[1].wait_ready()
    counts, ids, _ = fleet.await_ready(servers[0], seconds)
    took = time.monotonic() - begin
    verdict.check("all are ready", counts == {"ready": total}, f"{counts} after {took:.0f} s")
    verdict.check("each is there once, as it was acknowledged", ids == fleet.ids)
    check_sandbox(verdict, servers, database, fleet, total)
    size = database.query("SELECT pg_database_size('postgres') / 1048576")[0]
    print(f"  … {took:.0f} s; memory {memory_mb(servers[0]):.0f} and"
          f" {memory_mb(servers[1]):.0f} MB; database {size} MB", flush=True)
    for server in servers:
        server.stop()
    database.stop()


def check_sandbox(verdict, servers, database, fleet, total):
    """What the management cluster holds: one namespace each, and few watches."""
    rows = database.query(
        "SELECT count(*), count(DISTINCT name) FROM sandbox_object"
        " WHERE cluster = 'management' AND kind = 'Namespace' AND name LIKE 't-%'"
        " AND NOT is_deleted")[0].split("|")
    verdict.check("the management cluster holds one namespace for each", rows == [str(total)] * 2,
                  str(rows))
    watches = sum(figure(server, "slipway_kubernetes_watches") for server in servers)
    verdict.check("the number of watches does not follow the number of clusters",
                  0 < watches <= 40, str(watches))


def main():
    parser = argparse.ArgumentParser(prog="fleet.py")
    parser.add_argument("--tenants", type=int, default=30)
    parser.add_argument("--clusters", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=900)
    chosen = parser.parse_args()
    verdict = product.Verdict()
    run(verdict, chosen.tenants, chosen.clusters, chosen.seconds)
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
