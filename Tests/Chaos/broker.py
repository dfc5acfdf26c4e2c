"""Open Service Broker 2.17 from catalog to deprovision, as a platform speaks it: by HTTP alone.

usage: broker.py [--short] [--instances N] [--kills N] [--seed N]

First everything that the specification has a status for; then orders, changes, credentials and
removals, while the server is killed with -9 again and again. In the end nothing is left of them.
"""
import argparse
import base64
import concurrent.futures
import json
import random
import sys
import time

import offerings
import product
from edge import until

INSTANCES = "/osb/v2/service_instances"
ANN = "kubernetes " + base64.b64encode(b'{"username":"ann"}').decode()
# How long a piece of work may take, also after the lease of a killed server has lapsed.
WORK_S = 120


class Client:
    """A platform's client of the broker, with the token of a tenant as its password."""

    def __init__(self, platform, token):
        self.platform = platform
        self.login = "Basic " + base64.b64encode(f"platform:{token}".encode()).decode()
        self.plans = {}

    def call(self, method, path, body=None, waits=True, version="2.17", **headers):
        """One call, repeated until somebody answers it."""
        fields = {"Authorization": self.login, "X_Broker_API_Version": version, **headers}
        fields = {name: value for name, value in fields.items() if value is not None}
        if waits and method != "GET":
            path += ("&" if "?" in path else "?") + "accepts_incomplete=true"
        return self.platform.ask(method, path, body, token=None, **fields)

    def read_catalog(self):
        services = self.call("GET", "/osb/v2/catalog").json["services"]
        self.plans = {(service["name"], plan["name"]): (service["id"], plan["id"])
                      for service in services for plan in service["plans"]}
        return services

    def order(self, service, plan, **more):
        """The body of an order."""
        service_id, plan_id = self.plans[service, plan]
        return {"service_id": service_id, "plan_id": plan_id, "organization_guid": "org",
                "space_guid": "space", **more}

    def bind_order(self, service, plan, **more):
        service_id, plan_id = self.plans[service, plan]
        return {"service_id": service_id, "plan_id": plan_id, **more}

    def remove(self, path, service, plan, **more):
        service_id, plan_id = self.plans[service, plan]
        return self.call("DELETE", f"{path}?service_id={service_id}&plan_id={plan_id}", **more)

    def last(self, path, operation=None):
        query = f"?operation={operation}" if operation else ""
        return self.call("GET", f"{path}/last_operation{query}")

    def settle(self, path, seconds=WORK_S):
        """What the last operation came to: `succeeded`, `failed`, `gone`, or `in progress`."""
        end = time.monotonic() + seconds
        while True:
            answer = self.last(path)
            if answer.status == 410:
                return "gone"
            state = answer.json["state"] if answer.status == 200 else str(answer.status)
            if state != "in progress" or time.monotonic() > end:
                return state
            time.sleep(0.1)


def said(answer):
    """Status and the specification's word, where there is one."""
    try:
        return answer.status, answer.json.get("error")
    except ValueError:
        return answer.status, None


class Run:
    """One run of the script."""

    def __init__(self, verdict):
        self.verdict = verdict
        self.platform = offerings.Platform("broker")
        self.platform.ask("POST", "/v1/tenants",
                          {"name": "acme", "spec": {"isolation": "vcluster"}}, Prefer="wait=60")
        self.platform.ask("POST", "/v1/tenants", {"name": "other"}, Prefer="wait=60")
        self.client, self.other = (Client(self.platform, self.token(tenant))
                                   for tenant in ("acme", "other"))
        self.cluster = offerings.TenantCluster(self.platform, "acme")

    def token(self, tenant):
        body = {"name": f"{tenant}-portal", "spec": {"role": "tenant-admin", "tenant": tenant}}
        return self.platform.ask("POST", "/v1/tokens", body).json["token"]

    def check(self, sentence, answer, *wanted):
        """Whether the answer has the status, and the word where one is given."""
        found = said(answer)
        return self.verdict.check(sentence, found[:len(wanted)] == wanted,
                                  f"{found}, not {wanted}: {answer.body[:300]!r}")

    def check_catalog(self):
        client = self.client
        bare = client.call("GET", "/osb/v2/catalog", Authorization=None)
        self.check("who does not log in is 401", bare, 401)
        self.verdict.check("and told how", "Basic" in bare.headers.get("www-authenticate", ""))
        self.check("so is a wrong password", client.call(
            "GET", "/osb/v2/catalog", Authorization="Basic cGxhdGZvcm06bm8="), 401)
        for version in ("1.17", "3.0", "2", "two"):
            answer = client.call("GET", "/osb/v2/catalog", version=version,
                                 X_Broker_API_Request_Identity="r-1")
            self.check(f"version {version} is 412", answer, 412)
        self.verdict.check("an error names the platform's request",
                           answer.headers.get("x-broker-api-request-identity") == "r-1",
                           str(answer.headers))
        self.check("version 2.13 is served", client.call(
            "GET", "/osb/v2/catalog", version="2.13"), 200)
        self.check("so is none, which the specification leaves to brokers", client.call(
            "GET", "/osb/v2/catalog", version=None), 200)
        services = client.read_catalog()
        lacking = [service.get("name") for service in services if not (
            service["id"] and service["description"] and service["plans"] and all(
                plan["id"] and plan["name"] and plan["description"]
                and plan["maintenance_info"]["version"] for plan in service["plans"]))]
        self.verdict.check("every service of the catalog is complete", services and not lacking,
                           str(lacking))
        ids = [service["id"] for service in services] + [ids[1] for ids in client.plans.values()]
        self.verdict.check("no id is there twice", len(ids) == len(set(ids)))

    def check_refusals(self):
        """What is refused leaves nothing."""
        client, path = self.client, f"{INSTANCES}/refused"
        order = client.order("postgresql", "small")
        self.check("who cannot wait is AsyncRequired", client.call(
            "PUT", path, order, waits=False), 422, "AsyncRequired")
        self.check("what is no JSON is 400", client.call("PUT", path, b"{"), 400)
        for name in ("service_id", "plan_id", "organization_guid", "space_guid"):
            body = {key: value for key, value in order.items() if key != name}
            self.check(f"an order without {name} is 400", client.call("PUT", path, body), 400)
        for sentence, more in (
                ("a service that is not in the catalog", {"service_id": "no"}),
                ("a plan that the service has not", {"plan_id": "no"}),
                ("parameters that are no object", {"parameters": [1]}),
                ("a parameter that is not known", {"parameters": {"storageGB": 5}}),
                ("a parameter beyond the plan", {"parameters": {"storageGiB": 21}})):
            self.check(f"{sentence} is 400", client.call("PUT", path, {**order, **more}), 400)
        self.check("a version that the catalog no longer has is MaintenanceInfoConflict",
                   client.call("PUT", path, {**order, "maintenance_info": {"version": "9.0.0"}}),
                   422, "MaintenanceInfoConflict")
        for identity in ("kubernetes", "kubernetes bm8=", "kubernetes !"):
            self.check(f"an originating identity `{identity}` is 400", client.call(
                "PUT", path, order, X_Broker_API_Originating_Identity=identity), 400)
        self.check("a token of the platform without a tenant is 400", client.call(
            "PUT", path, order, Authorization=f"Bearer {self.platform.server.token}"), 400)
        self.check("none of it is there to be fetched", client.call("GET", path), 404)
        self.check("nor to be asked after", client.last(path), 404)
        self.check("nor to be changed", client.call(
            "PATCH", path, {"service_id": order["service_id"]}), 404)
        self.check("removing what never was is 410", client.remove(
            path, "postgresql", "small"), 410)
        self.check("so is a credential that never was", client.remove(
            f"{path}/service_bindings/b", "postgresql", "small"), 410)
        self.check("a removal without its ids is 400", client.call("DELETE", path), 400)

    def check_provision(self):
        client, path = self.client, f"{INSTANCES}/one"
        order = client.order("postgresql", "small", parameters={"storageGiB": 5}, context={
            "platform": "kubernetes", "instance_name": "orders-db"}, extension={"x": 1})
        hold = self.cluster.fault("held", effect="neverReady", target={
            "kind": "Cluster", "group": "postgresql.cnpg.io", "name": "*"})
        self.check("the sandbox holds the order up", hold, 201)
        made = client.call("PUT", path, order, X_Broker_API_Originating_Identity=ANN,
                           X_Broker_API_Request_Identity="r-2")
        self.check("an order is 202", made, 202)
        operation = made.json.get("operation")
        self.verdict.check("with its operation", operation, made.body.decode())
        self.verdict.check("and the platform's own id of the request", made.headers.get(
            "x-broker-api-request-identity") == "r-2")
        again = client.call("PUT", path, order)
        self.verdict.check("the same call again is 202 with the same operation", said(again) == (
            202, None) and again.json.get("operation") == operation, again.body.decode())
        self.check("another plan under its id is 409", client.call(
            "PUT", path, client.order("postgresql", "standard")), 409)
        self.check("so are other parameters", client.call(
            "PUT", path, {**order, "parameters": {"storageGiB": 6}}), 409)
        self.other.read_catalog()
        self.check("and another tenant with that id", self.other.call(
            "PUT", path, self.other.order("postgresql", "small")), 409)
        self.check("it is not there to be fetched yet", client.call("GET", path), 404)
        state = client.last(path, operation)
        self.verdict.check("its last operation is in progress, to be asked after again",
                           state.status == 200 and state.json["state"] == "in progress"
                           and int(state.headers.get("retry-after", 0)) > 0, state.body.decode())
        self.check("a change meanwhile is ConcurrencyError", client.call(
            "PATCH", path, {"service_id": order["service_id"], "parameters": {"storageGiB": 7}}),
            422, "ConcurrencyError")
        self.check("so is a binding", client.call(
            "PUT", f"{path}/service_bindings/b", client.bind_order("postgresql", "small")),
            422, "ConcurrencyError")
        self.cluster.heal("held")
        self.verdict.check("it succeeds", client.settle(path) == "succeeded",
                           client.last(path).body.decode())
        self.check("the same call is 200 then", client.call("PUT", path, order), 200)
        found = client.call("GET", path)
        self.verdict.check("it is fetched as ordered", found.status == 200 and (
            found.json["service_id"], found.json["plan_id"], found.json["parameters"]) == (
            order["service_id"], order["plan_id"], order["parameters"])
            and found.json["maintenance_info"]["version"], found.body.decode())
        service = self.platform.ask("GET", "/v1/tenants/acme/services/orders-db")
        self.check("under the name that the context gave it", service, 200)
        kept = self.platform.database.query(
            "SELECT originator FROM broker_entry WHERE instance_id = 'one'")
        self.verdict.check("and it is known who asked", "ann" in kept[0], str(kept))
        for sentence, answer, status in (
                ("fetch it", self.other.call("GET", path), 404),
                ("ask after it", self.other.last(path), 404),
                ("remove it", self.other.remove(path, "postgresql", "small"), 410)):
            self.check(f"another tenant cannot {sentence}", answer, status)

    def check_update(self):
        client, path = self.client, f"{INSTANCES}/one"
        service = client.plans["postgresql", "small"][0]

        def patch(waits=True, **more):
            return client.call("PATCH", path, {"service_id": service, **more}, waits=waits)

        self.check("a change of who cannot wait is AsyncRequired", patch(
            waits=False, parameters={"storageGiB": 6}), 422, "AsyncRequired")
        self.check("a change without service_id is 400", client.call("PATCH", path, {}), 400)
        self.check("one with another service is 400", patch(
            service_id=client.plans["cache", "small"][0]), 400)
        self.check("one that changes nothing is 200", patch(), 200)
        self.check("parameters that may not shrink are 422", patch(
            parameters={"storageGiB": 4}), 422, None)
        self.check("parameters that stay are 422", patch(parameters={"database": "b"}), 422, None)
        self.check("a version that is not the catalog's is MaintenanceInfoConflict", patch(
            maintenance_info={"version": "9.0.0"}), 422, "MaintenanceInfoConflict")
        more = {"plan_id": client.plans["postgresql", "standard"][1],
                "parameters": {"storageGiB": 8}}
        first, again = patch(**more), patch(**more)
        self.check("another plan is 202", first, 202)
        self.verdict.check("the same call again is 202 with the same operation", said(again) == (
            202, None) and again.json == first.json, again.body.decode())
        self.check("another one meanwhile is ConcurrencyError", patch(
            parameters={"storageGiB": 9}), 422, "ConcurrencyError")
        self.check("and so is fetching it", client.call("GET", path), 422, "ConcurrencyError")
        self.verdict.check("it succeeds", client.settle(path) == "succeeded",
                           client.last(path).body.decode())
        self.check("the same call is 200 then", patch(**more), 200)
        found = client.call("GET", path).json
        self.verdict.check("the instance is as changed", (found["plan_id"], found["parameters"]) ==
                           (more["plan_id"], {"storageGiB": 8}), json.dumps(found))
        self.check("a plan that it does not change to is 422", patch(
            plan_id=client.plans["postgresql", "small"][1]), 422, None)
        self.check("and leaves it", client.call("GET", path), 200)

    def check_binding(self):
        client, one = self.client, f"{INSTANCES}/one"
        path = f"{one}/service_bindings/b"
        order = client.bind_order("postgresql", "standard", bind_resource={"app_guid": "a"})
        self.check("a binding of who cannot wait is AsyncRequired", client.call(
            "PUT", path, order, waits=False), 422, "AsyncRequired")
        self.check("one with a parameter that is not known is 400", client.call(
            "PUT", path, {**order, "parameters": {"acces": "read"}}), 400)
        self.check("one of an instance that is not there is 404", client.call(
            "PUT", f"{INSTANCES}/no/service_bindings/b", order), 404)
        self.cluster.fault("held", effect="neverReady", target={"kind": "DatabaseRole"})
        first, again = client.call("PUT", path, order), client.call("PUT", path, order)
        self.check("a binding is 202", first, 202)
        self.verdict.check("the same call again is 202 with the same operation, and no credential",
                           again.status == 202 and again.json == first.json, again.body.decode())
        self.check("it is not there to be fetched yet", client.call("GET", path), 404)
        self.check("other parameters under its id are 409", client.call(
            "PUT", path, {**order, "parameters": {"access": "read"}}), 409)
        self.check("the instance is not removed while it has one", client.remove(
            one, "postgresql", "standard"), 400)
        halted = f"{one}/service_bindings/halted"
        self.check("one more is 202", client.call("PUT", halted, order), 202)
        self.check("and is taken back while it is made", client.remove(
            halted, "postgresql", "standard"), 202)
        self.verdict.check("which ends with it gone", client.settle(halted) == "gone",
                           client.last(halted).body.decode())
        self.cluster.heal("held")
        self.verdict.check("the binding succeeds", client.settle(path) == "succeeded",
                           client.last(path).body.decode())
        found = client.call("GET", path)
        self.verdict.check("its credential is fetched, to be kept by nobody on the way",
                           found.status == 200 and found.json["credentials"]["password"]
                           and found.headers.get("cache-control") == "no-store",
                           str(found.headers))
        self.verdict.check("the same call again has it too", client.call(
            "PUT", path, order).json.get("credentials") == found.json["credentials"])
        self.check("another tenant does not get it", self.other.call("GET", path), 404)
        self.check_rotation(one, path, order, found.json["credentials"])

    def check_rotation(self, one, path, order, before):
        client, heir = self.client, f"{one}/service_bindings/heir"
        self.check("a successor is 202", client.call(
            "PUT", heir, {**order, "predecessor_binding_id": "b"}), 202)
        client.settle(heir)
        after = client.call("GET", heir).json["credentials"]
        self.verdict.check("and has a credential of its own",
                           after["username"] != before["username"], json.dumps(sorted(after)))
        self.check("one of nobody is 400", client.call("PUT", f"{one}/service_bindings/orphan", {
            **order, "predecessor_binding_id": "no"}), 400)
        for binding in (path, heir):
            self.check("an unbinding of who cannot wait is AsyncRequired", client.remove(
                binding, "postgresql", "standard", waits=False), 422, "AsyncRequired")
            first, again = (client.remove(binding, "postgresql", "standard") for _ in range(2))
            self.verdict.check("an unbinding is 202, and again with the same operation",
                               first.status == again.status == 202 and first.json == again.json,
                               again.body.decode())
            self.verdict.check("it ends with 410", client.settle(binding) == "gone")
            self.check("another removal is 410", client.remove(
                binding, "postgresql", "standard"), 410)
            self.check("it is not there to be fetched", client.call("GET", binding), 404)
        self.check("its id is never used again", client.call("PUT", path, order), 409)

    def check_removal(self):
        client, path = self.client, f"{INSTANCES}/one"
        self.check("a removal of who cannot wait is AsyncRequired", client.remove(
            path, "postgresql", "standard", waits=False), 422, "AsyncRequired")
        first, again = (client.remove(path, "postgresql", "standard") for _ in range(2))
        self.verdict.check("a removal is 202, and again with the same operation",
                           first.status == again.status == 202 and first.json == again.json,
                           again.body.decode())
        self.verdict.check("it ends with 410", client.settle(path) == "gone")
        self.check("another removal is 410", client.remove(path, "postgresql", "standard"), 410)
        self.check("its id is never used again", client.call(
            "PUT", path, client.order("postgresql", "small")), 409)

    def check_failure(self):
        """What fails says so, and goes; what is being made goes as well."""
        client = self.client
        self.cluster.fault("broken", effect="fails", message="the script has a fault",
                           target={"kind": "TestRun"})
        path = f"{INSTANCES}/broken"
        order = client.order("load-test", "smoke", parameters={"target": "http://web.apps.svc"})
        self.check("an order that is going to fail is 202", client.call("PUT", path, order), 202)
        self.verdict.check("it fails", client.settle(path) == "failed",
                           client.last(path).body.decode())
        self.verdict.check("and says why", client.last(path).json.get("description"))
        self.check("the same call again is 400", client.call("PUT", path, order), 400)
        self.check("a removal cleans up", client.remove(path, "load-test", "smoke"), 202)
        self.verdict.check("and ends with 410", client.settle(path) == "gone")
        self.cluster.heal("broken")
        self.cluster.fault("held", effect="neverReady", target={
            "kind": "Cluster", "group": "postgresql.cnpg.io"})
        path = f"{INSTANCES}/halted"
        client.call("PUT", path, client.order("postgresql", "small"))
        self.check("an order is taken back while it is made", client.remove(
            path, "postgresql", "small"), 202)
        self.verdict.check("which ends with 410", client.settle(path) == "gone",
                           client.last(path).body.decode())
        self.cluster.heal("held")

    def journey(self, number, seed):
        """One instance from order to removal, whatever happens to the server; what went wrong."""
        chance = random.Random(seed * 1_000 + number)
        client, path = self.client, f"{INSTANCES}/j-{seed}-{number}"
        service, plan = chance.choice([("postgresql", "small"), ("cache", "small")])
        binding = f"{path}/service_bindings/b"
        orphaned = chance.random() < 0.25
        answer = client.call("PUT", path, client.order(service, plan))
        if answer.status not in (200, 202):
            return f"{path}: order {said(answer)}"
        if not orphaned:
            fault = self.live(client, path, binding, service, plan)
            if fault:
                return f"{path}: {fault}"
        for place in ([] if orphaned else [binding]) + [path]:
            answer = client.remove(place, service, plan)
            if answer.status not in (202, 410):
                return f"{place}: removal {said(answer)} {answer.body[:200]!r}"
            state = client.settle(place)
            if state != "gone" or client.remove(place, service, plan).status != 410:
                return f"{place}: {state} {client.last(place).body[:300]!r}"
        return None

    @staticmethod
    def live(client, path, binding, service, plan):
        """Order, credential and change of one instance; what went wrong."""
        if client.settle(path) != "succeeded":
            return f"order {client.last(path).body[:300]!r}"
        answer = client.call("PUT", binding, client.bind_order(service, plan))
        if answer.status not in (200, 202) or client.settle(binding) != "succeeded":
            return f"binding {said(answer)} {client.last(binding).body[:300]!r}"
        if not client.call("GET", binding).json.get("credentials", {}).get("password"):
            return "no credential"
        change = {"service_id": client.plans[service, plan][0],
                  "plan_id": client.plans[service, "standard"][1]}
        answer = client.call("PATCH", path, change)
        if answer.status not in (200, 202) or client.settle(path) != "succeeded":
            return f"change {said(answer)} {client.last(path).body[:300]!r}"
        found = client.call("GET", path)
        if found.status != 200 or found.json["plan_id"] != change["plan_id"]:
            return f"fetched {said(found)} {found.body[:300]!r}"
        return None

    def check_kills(self, seed, instances, kills):
        print(f"{instances} instances from order to removal, {kills} kills, seed {seed}",
              flush=True)
        striker = self.platform.strike(offerings.moments(seed, kills, 4))
        with concurrent.futures.ThreadPoolExecutor(instances) as pool:
            faults = [fault for fault in pool.map(
                lambda number: self.journey(number, seed), range(instances)) if fault]
        striker.join()
        self.platform.server.wait_ready()
        self.verdict.check("each of them ends as it should", not faults, "\n".join(faults))


def main():
    parser = argparse.ArgumentParser(prog="broker.py")
    parser.add_argument("--short", action="store_true", help="3 instances, a kill")
    parser.add_argument("--instances", type=int, default=12)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 16))
    chosen = parser.parse_args()
    verdict = product.Verdict()
    begin = time.monotonic()
    run = Run(verdict)
    before = run.platform.settled()
    run.check_catalog()
    run.check_refusals()
    run.check_provision()
    run.check_update()
    run.check_binding()
    run.check_removal()
    run.check_failure()
    run.check_kills(chosen.seed, *((3, 1) if chosen.short else (chosen.instances, chosen.kills)))
    until(lambda: run.platform.world() == before, 30, every=1)
    left = sorted(run.platform.world() ^ before)
    verdict.check("nothing is left of any of them", not left, "\n".join(left))
    print(f"  {time.monotonic() - begin:.0f} s, seed {chosen.seed}", flush=True)
    server = run.platform.server
    verdict.check("the server stops when it is told to", server.stop() == 0, server.tail(5))
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
