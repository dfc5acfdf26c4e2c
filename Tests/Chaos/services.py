"""Services as people live with them: deletion, rotation under load, upgrades; processes killed.

usage: services.py [--short] [--instances N] [--rotations N] [--seed N]

Two processes share everything; the first, which plays the sandbox, is killed with -9 on the way.
"""
import argparse
import concurrent.futures
import json
import random
import sys
import threading
import time

import offerings
import product
from edge import until

ACME = "/v1/tenants/acme"
OVERLAP_S = 4
# How much later than it happens a reader sees something, under load.
LATE_S = 1.5
# How long a piece of work may take, also after the lease of a killed process has lapsed.
WORK_S = 120


class Reader:
    """A consumer that looks at its Secret all the time, and at whom the operator lets in."""

    def __init__(self, cluster, consumer, service):
        self.cluster = cluster
        self.consumer = consumer
        self.service = service
        self.stopping = threading.Event()
        self.reads = 0
        self.wrong = []
        # When each user was first seen in the Secret, and first not let in any more.
        self.switched = {}
        self.retired = {}
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def admitted(self):
        """Users and passwords that the operator has taken in."""
        roles = self.cluster.read("/apis/postgresql.cnpg.io/v1/namespaces/"
                                  f"s-{self.service}/databaseroles")
        found = {}
        for role in roles["items"] if roles else []:
            if role.get("status", {}).get("applied") is True:
                secret = self.cluster.secret(f"s-{self.service}",
                                             role["spec"]["passwordSecret"]["name"])
                found[role["spec"]["name"]] = (secret or {}).get("password")
        return found

    def work(self):
        while not self.stopping.is_set():
            try:
                self.look()
            except product.Unreachable:
                time.sleep(0.1)

    def look(self):
        secret = self.cluster.secret(*self.consumer)
        admitted = self.admitted()
        now = time.monotonic()
        self.reads += 1
        user, password = (secret or {}).get("username"), (secret or {}).get("password")
        if not password or admitted.get(user) != password:
            self.wrong.append(f"{user} is not let in; {sorted(admitted)} are")
        elif f"//{user}:{password}@" not in secret["uri"]:
            self.wrong.append(f"the uri is not that of {user}")
        self.switched.setdefault(user, now)
        for other in self.switched:
            if other not in admitted:
                self.retired.setdefault(other, now)

    def stop(self):
        self.stopping.set()
        self.thread.join(30)


class Run:
    def __init__(self, verdict):
        self.verdict = verdict
        self.platform = offerings.Platform("services", processes=2)
        self.ask = self.platform.ask

    def check(self, sentence, answer, *statuses):
        return self.verdict.check(sentence, answer.status in statuses,
                                  f"{answer.status} {answer.body[:500]!r}")

    def status(self, path):
        answer = self.ask("GET", path)
        return answer.json["status"] if answer.status == 200 else {"phase": str(answer.status)}

    def becomes(self, path, phase, seconds=WORK_S):
        return until(lambda: self.status(path)["phase"] == phase, seconds, every=0.2) is not None

    def order(self, path, **spec):
        answer = self.ask("PUT", path, {"spec": spec}, Prefer="wait=60", timeout=90)
        return self.check(f"PUT {path} succeeds", answer, 201) and self.verdict.check(
            "and is ready", self.becomes(path, "ready"), json.dumps(self.status(path)))

    def prepare(self):
        self.ask("POST", "/v1/tenants", {"name": "acme", "spec": {"isolation": "vcluster"}},
                 Prefer="wait=60", timeout=90)
        self.cluster = offerings.TenantCluster(self.platform, "acme")

    def check_deletion(self, kills):
        """Refused with whoever is in the way, and resumed when they are gone."""
        path = f"{ACME}/services/orders"
        self.order(path, offering={"name": "postgresql"})
        self.order(f"{path}/bindings/tools", consumer={"cluster": "main", "namespace": "default"})
        held = self.ask("DELETE", f"{ACME}/clusters/main")
        self.verdict.check("a cluster with a service is not deleted, and lists it",
                           held.status == 409 and "orders" in held.json["detail"],
                           held.body.decode())
        self.order(f"{ACME}/environments/pr-7", images={"app": "registry.example.com/shop:1"})
        self.order(f"{path}/bindings/shop", consumer={"environment": "pr-7"})
        refused = self.ask("DELETE", path)
        self.check("nor is a service with bindings", refused, 409)
        self.verdict.check("the answer lists them", "shop, tools" in refused.json["detail"],
                           refused.json["detail"])
        found = self.ask("GET", path).json
        self.verdict.check("so does the service, which is as it was",
                           found["dependents"] == ["shop", "tools"]
                           and found["status"]["phase"] == "ready", json.dumps(found["status"]))
        self.order(f"{ACME}/services/kept", offering={"name": "cache"}, environment="pr-7",
                   deleteProtection=True)
        held = self.ask("DELETE", f"{ACME}/environments/pr-7")
        self.verdict.check("nor an environment with a protected service, which it lists",
                           held.status == 409 and "kept" in held.body.decode(),
                           held.body.decode())
        self.check("who is let wait is accepted", self.ask(
            "DELETE", f"{path}?bindings=wait"), 202)
        if kills:
            self.platform.servers[0].kill()
        self.check("it takes no new bindings", self.ask(
            "PUT", f"{path}/bindings/late", {"spec": {"consumer": {"environment": "pr-7"}}}), 409)
        self.revoke(f"{path}/bindings/tools")
        self.verdict.check("one binding keeps it, and its Secret is there",
                           self.status(path)["phase"] == "deleting"
                           and self.cluster.secret("e-pr-7", "orders-shop"))
        if kills:
            self.platform.servers[0].start()
        self.revoke(f"{path}/bindings/shop")
        self.verdict.check("it goes once nobody has it", self.becomes(path, "404"),
                           json.dumps(self.status(path)))
        self.platform.servers[0].wait_ready()
        left = self.cluster.read("/api/v1/namespaces/s-orders")
        self.verdict.check("with all that was in the cluster", left is None
                           and self.cluster.secret("e-pr-7", "orders-shop") is None, str(left))

    def revoke(self, path):
        self.check(f"DELETE {path} is accepted", self.ask("DELETE", path), 202, 204)
        self.verdict.check("and it goes", self.becomes(path, "404"),
                           json.dumps(self.status(path)))

    def check_following(self):
        """What the consumer has follows its source, and is written anew where it was removed."""
        service = f"{ACME}/services/renewed"
        self.order(service, offering={"name": "postgresql"})
        for name in ("one", "two"):
            self.order(f"{service}/bindings/{name}",
                       consumer={"cluster": "main", "namespace": "default"})
        renewed = self.cluster.call(
            "PATCH", "/api/v1/namespaces/s-renewed/secrets/renewed-one-1",
            json.dumps({"stringData": {"password": "renewed"}}).encode(),
            Content_Type="application/merge-patch+json")
        self.check("somebody renews a source", renewed, 200)
        removed = self.cluster.call("DELETE", "/api/v1/namespaces/default/secrets/renewed-two")
        self.check("and removes a consumer's Secret", removed, 200)
        took = until(lambda: (self.cluster.secret("default", "renewed-one") or {}).get(
            "password") == "renewed" and self.cluster.secret("default", "renewed-two"), WORK_S)
        self.verdict.check("the consumers have both soon", took is not None)
        self.check("a deletion waits for the bindings", self.ask(
            "DELETE", f"{service}?bindings=wait"), 202)
        self.check("and is told to revoke them after all", self.ask(
            "DELETE", f"{service}?bindings=revoke"), 202)
        self.verdict.check("so that it ends", self.becomes(service, "404"),
                           json.dumps(self.status(service)))

    def offered(self, tenant, name):
        """Whether it can be ordered, and why not."""
        answer = self.ask("GET", f"/v1/tenants/{tenant}/available-services").json
        why = [other["reasons"] for other in answer["unavailable"] if other["name"] == name]
        return name in [item["name"] for item in answer["items"]], str(why or answer["unchecked"])

    def check_namespace(self):
        """In a namespace what its accounts may apply can be ordered, and more once it is given."""
        made = self.ask("POST", "/v1/tenants", {"name": "space", "spec": {
            "isolation": "namespace"}}, Prefer="wait=60", timeout=90)
        self.check("a tenant gets a namespace", made, 201, 202)
        path = "/v1/tenants/space/services/tls"
        label = "slipway.dev/aggregate-to-tenant-admin"
        told = until(lambda: label in self.offered("space", "certificates")[1], 60, every=0.5)
        self.verdict.check("it is told who may give the kinds of cert-manager", told is not None,
                           self.offered("space", "certificates")[1])
        refused = self.ask("PUT", path, {"spec": {"offering": {"name": "certificates"}}})
        self.verdict.check("and gets none of them", refused.status == 422 and refused.json[
            "errors"][0]["code"] == "not-allowed", refused.body.decode())
        later = self.ask("PUT", "/v1/tenants/space/environments/own", {"spec": {
            "images": {"app": "registry.example.com/shop:1"}, "placement": {"kind": "namespace"},
            "dependencies": [{"offering": {"name": "certificates"}, "name": "tls",
                              "binding": {"parameters": {"host": "shop.example.com"}}}]}})
        self.check("where the namespace is not there yet they are ordered", later, 202)
        own = "/v1/tenants/space/services/own-tls"
        self.verdict.check("and fail once it is, at once", self.becomes(own, "failed")
                           and label in json.dumps(self.status(own)["conditions"]),
                           json.dumps(self.status(own)))
        given = self.ask(
            "POST", "/sandbox/management/apis/rbac.authorization.k8s.io/v1/clusterroles", {
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                "metadata": {"name": "tenant-certificates", "labels": {label: "true"}},
                "rules": [{"apiGroups": ["cert-manager.io"],
                           "resources": ["certificates", "issuers"],
                           "verbs": ["get", "list", "watch", "create", "patch", "update",
                                     "delete"]}]})
        self.check("somebody gives them by a label", given, 201)
        took = until(lambda: self.offered("space", "certificates")[0], WORK_S, every=1)
        self.verdict.check("within a minute they are offered", took is not None,
                           self.offered("space", "certificates")[1])
        self.order(path, offering={"name": "certificates"})
        offered, why = self.offered("space", "kafka")
        self.verdict.check("and what nobody has given is not", not offered
                           and "may not apply kafka.strimzi.io/v1/Kafka" in why, why)
        self.check("it is deleted", self.ask("DELETE", path), 202)
        self.verdict.check("and goes", self.becomes(path, "404"), json.dumps(self.status(path)))

    def check_rotation(self, seed, rotations, kills):
        """A consumer never sees a credential that is not valid."""
        print(f"{rotations} rotations under load, {kills} kills, seed {seed}", flush=True)
        service = f"{ACME}/services/db"
        path = f"{service}/bindings/shop"
        self.order(service, offering={"name": "postgresql"})
        self.order(path, consumer={"environment": "pr-7"}, rotation={"overlap": f"{OVERLAP_S}s"})
        readers = [Reader(self.cluster, ("e-pr-7", "db-shop"), "db") for _ in range(2)]
        striker = self.platform.strike(offerings.moments(seed, kills, 5),
                                       self.platform.servers[0])
        chance = random.Random(seed)
        for number in range(2, rotations + 2):
            answer = self.ask("POST", f"{path}:rotate")
            while answer.status == 409:  # As many as may wait for their end do.
                time.sleep(0.5)
                answer = self.ask("POST", f"{path}:rotate")
            if answer.status not in (200, 202):
                self.check("a rotation is accepted", answer, 202)
            until(lambda: (self.status(path).get("current") or {}).get("number", 0) >= number,
                  WORK_S, every=0.1)
            time.sleep(chance.uniform(0, 1))
        striker.join()
        self.platform.servers[0].wait_ready()
        current = self.status(path)["current"]["number"]
        self.verdict.check("each call made one credential", current == rotations + 1,
                           f"{current}, not {rotations + 1}")
        alone = until(lambda: len(readers[0].admitted()) == 1, WORK_S, every=0.5)
        self.verdict.check("in the end one is left, and it is the consumer's", alone is not None
                           and list(readers[0].admitted()) == [
                               self.cluster.secret("e-pr-7", "db-shop")["username"]],
                           f"{readers[0].admitted().keys()} {json.dumps(self.status(path))}")
        for reader in readers:
            reader.stop()
        reads = sum(reader.reads for reader in readers)
        wrong = [fault for reader in readers for fault in reader.wrong]
        self.verdict.check(f"no read of {reads} saw a credential that is not valid",
                           reads > rotations * 5 and not wrong, "; ".join(wrong[:5]))
        self.check_overlap(readers)
        until(lambda: not self.status(path)["retiring"], WORK_S, every=0.2)
        found = self.status(path)
        self.verdict.check("and the binding says that it is ready, and waits for nothing",
                           found["phase"] == "ready" and found["waiting"] is None and all(
                               condition["status"] == "True" for condition in found["conditions"]),
                           json.dumps(found))

    def check_overlap(self, readers):
        """One went only when the next had been there for as long as the overlap."""
        short = []
        for reader in readers:
            seen = sorted(reader.switched.items(), key=lambda entry: entry[1])
            for (before, _), (_, moment) in zip(seen, seen[1:]):
                lived = reader.retired.get(before, float("inf")) - moment
                if lived < OVERLAP_S - LATE_S:
                    short.append(f"{before}: {lived:.1f} s")
        self.verdict.check(f"the one before stays valid for {OVERLAP_S} s", not short,
                           ", ".join(short))

    def upgrade(self, name):
        """One upgrade, asked for until somebody takes it; what went wrong."""
        answer = self.ask("POST", f"/v1/tenants/globex/services/{name}:upgrade", {})
        # A call whose answer got lost has upgraded it: there is nothing newer then.
        return None if answer.status in (200, 202, 409) else f"{name}: {answer.body[:300]!r}"

    def check_upgrade(self, instances):
        """An offering of one's own, and every instance of it taken to its next version."""
        server = self.platform.server
        shelf = offerings.Shelf()
        typed = shelf.type_commands(server)
        self.verdict.check("what docs/offerings.md has one type makes an offering, a service of it"
                           " and a credential", typed.returncode == 0
                           and typed.stdout.count('"phase":"ready"') >= 4,
                           typed.stdout[-1_000:] + typed.stderr)
        cluster = offerings.TenantCluster(self.platform, "globex")
        secret = cluster.secret("default", "sessions-shop") or {}
        self.verdict.check("which is where the page says", secret.get("url") == (
            f"redis://:{secret.get('password')}@sessions.s-sessions.svc:6379/0"), str(len(secret)))
        names = ["sessions"] + [f"c{number:02}" for number in range(1, instances)]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda name: self.ask(
                "PUT", f"/v1/tenants/globex/services/{name}",
                {"spec": {"offering": {"name": "cache"}}}), names))
        took = until(lambda: self.versions() == {("1.0.0", "ready"): instances}, 600, every=0.5)
        self.verdict.check(f"{instances} instances are ready", took is not None,
                           str(self.versions()))
        old, new = "valkey:9.1.2-alpine", "valkey:9.1.3-alpine"
        shelf.release("1.1.0", ("offerings/cache/service/cache.yaml", old, new))
        self.ask("POST", "/v1/blueprints/shelf:refresh", Prefer="wait=60")
        self.check("the next version is the default", self.ask(
            "PATCH", "/v1/blueprints/shelf/versions/1.1.0", {"spec": {"state": "default"}}), 200)
        self.check_preview(names, old, new)
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            upgrades = [pool.submit(self.upgrade, name) for name in names]
            until(lambda: self.versions().get(("1.1.0", "ready"), 0) >= instances // 5, 300)
            self.platform.servers[0].kill()
            faults = [fault for fault in (each.result() for each in upgrades) if fault]
        self.verdict.check("every upgrade is accepted", not faults, "\n".join(faults[:3]))
        done = until(lambda: self.versions() == {("1.1.0", "ready"): instances}, 600, every=0.5)
        self.verdict.check("every instance comes to it, one process killed", done is not None,
                           str(self.versions()))
        print(f"  … {instances} upgraded in {time.monotonic() - begin:.0f} s", flush=True)
        images = {self.image(cluster, name) for name in names}
        self.verdict.check("and runs it", images == {f"valkey/{new}"}, str(images))
        counts = {item["status"]["deliveries"] for item in self.services()}
        self.verdict.check("with one delivery for it each", counts == {2}, str(counts))

    def check_preview(self, names, old, new):
        wrong = []
        for name in names:
            path = f"/v1/tenants/globex/services/{name}"
            plan = self.ask("POST", f"{path}:upgrade?dryRun=true", {})
            objects = plan.json.get("manifests", {}) if plan.status == 200 else {}
            text = json.dumps(objects)
            if old not in text or new not in text or "Deployment" not in text:
                wrong.append(f"{name}: {plan.status} {plan.body[:600]!r}")
        self.verdict.check("the preview of each shows what would change of its Deployment",
                           not wrong, "\n".join(wrong[:2]))
        self.verdict.check("and changes nothing",
                           self.versions() == {("1.0.0", "ready"): len(names)},
                           str(self.versions()))

    def services(self):
        return self.ask("GET", "/v1/tenants/globex/services?limit=500").json["items"]

    def versions(self):
        """How many instances stand where."""
        counts = {}
        for item in self.services():
            live = item["status"]["live"] or {"offering": {"version": None}}
            key = (live["offering"]["version"], item["status"]["phase"])
            counts[key] = counts.get(key, 0) + 1
        return counts

    @staticmethod
    def image(cluster, name):
        found = cluster.read(f"/apis/apps/v1/namespaces/s-{name}/deployments/{name}")
        return found and found["spec"]["template"]["spec"]["containers"][0]["image"]


def main():
    parser = argparse.ArgumentParser(prog="services.py")
    parser.add_argument("--short", action="store_true", help="8 instances, 4 rotations")
    parser.add_argument("--instances", type=int, default=50)
    parser.add_argument("--rotations", type=int, default=25)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 16))
    chosen = parser.parse_args()
    verdict = product.Verdict()
    begin = time.monotonic()
    run = Run(verdict)
    run.prepare()
    run.check_deletion(kills=not chosen.short)
    if not chosen.short:
        run.check_following()
        run.check_namespace()
    run.check_rotation(chosen.seed, *((4, 1) if chosen.short else (chosen.rotations, 6)))
    run.check_upgrade(8 if chosen.short else chosen.instances)
    print(f"  {time.monotonic() - begin:.0f} s, seed {chosen.seed}", flush=True)
    verdict.check("the server stops when it is told to", run.platform.server.stop() == 0,
                  run.platform.server.tail(5))
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
