"""Faults of management clusters, end to end: each is brought about, shown as the API's user sees
it, and healed.

usage: faults.py [--outage SECONDS] [--only NAME …] [--kubeconfig FILE]

Between Slipway and the API server stands a proxy that fails on demand. The API server is the
sandbox's, over HTTP; with --kubeconfig it is a real one, without controllers that make clusters:
what needs those is then played in the sandbox all the same.
"""
import argparse
import base64
import copy
import fcntl
import json
import os
import re
import ssl
import subprocess
import sys
import time

import edge as edges
import product
from edge import until

CLUSTERS = "/v1/tenants/acme/clusters"
GIT = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gitrepositories.source.toolkit.fluxcd.io"


def upstream(path):
    """The API server of a kubeconfig, with the keys in files that only this run has."""
    text = subprocess.run(["kubectl", f"--kubeconfig={path}", "config", "view", "--raw", "--minify",
                           "-o", "json"], check=True, capture_output=True).stdout
    config = json.loads(text)
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    folder = product.folder("keys")
    context = ssl.create_default_context(
        cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    if "client-certificate-data" in user:
        names = []
        for part in ("client-certificate-data", "client-key-data"):
            names.append(os.path.join(folder, part))
            with open(names[-1], "wb") as file:
                file.write(base64.b64decode(user[part]))
        context.load_cert_chain(*names)
    return edges.Upstream(cluster["server"], user.get("token"), context)


class Trial:
    """One Slipway, its sandbox, and the API server behind the proxy."""

    def __init__(self, arguments):
        self.verdict = product.Verdict()
        self.folder = product.folder("faults")
        self.outage = arguments.outage
        self.server = product.Server(os.path.join(self.folder, "var")).start()
        self.server.wait_ready()
        address = f"http://127.0.0.1:{self.server.port}/sandbox/"
        self.sandbox = edges.Upstream(address + "management", self.server.token)
        self.isReal = arguments.kubeconfig is not None
        self.outside = upstream(arguments.kubeconfig) if self.isReal else self.sandbox
        self.edge = edges.Edge(self.outside, edges.Authority(self.folder, "first"), "first").open()
        self.join()

    def join(self):
        """A tenant, and the management cluster behind the proxy."""
        self.call("POST", "/v1/tenants", {"name": "acme"}, wait=60)
        self.register("edge", self.edge)
        self.check("the management cluster behind the proxy is used",
                   self.reaches("ready", "degraded"), self.place())
        self.order("calm", wait=60)

    def register(self, name, edge):
        """Makes what is behind a proxy a management cluster."""
        self.call("POST", "/v1/management-clusters", {"name": name, "spec": {
            "connection": "kubeconfig", "kubeconfig": edge.kubeconfig(),
            "delivery": "direct"}}, wait=60)

    def call(self, method, path, body=None, wait=None):
        more = {"Prefer": f"wait={wait}"} if wait else {}
        answer = self.server.call(method, path, body, timeout=90, **more)
        if answer.status >= 400 and method != "GET":
            print(f"    {method} {path}: {answer.status} {answer.body.decode()}", flush=True)
        return answer

    def check(self, sentence, holds, detail=""):
        self.verdict.check(sentence, holds, detail if isinstance(detail, str) else json.dumps(detail))

    # What the API's user sees.

    def place(self):
        return self.server.call("GET", "/v1/management-clusters/edge").json["status"]

    def reaches(self, *phases, seconds=60):
        """How long the management cluster takes to be in one of those phases."""
        return until(lambda: self.place()["phase"] in phases, seconds)

    def cluster(self, name):
        answer = self.server.call("GET", f"{CLUSTERS}/{name}")
        return answer.json["status"] if answer.status == 200 else {"phase": str(answer.status)}

    def condition(self, name, kind):
        found = [c for c in self.cluster(name).get("conditions", []) if c["type"] == kind]
        return found[0] if found else {"status": None, "reason": None, "message": ""}

    def job(self, name):
        """The newest job of a cluster that is there, or was."""
        path = f"/v1/jobs?subject.kind=cluster&subject.name={name}&sort=-createdAt&limit=1"
        status = self.cluster(name)
        if status.get("job"):
            return self.server.call("GET", f"/v1/jobs/{status['job']}").json["status"]
        items = self.server.call("GET", path).json.get("items") or [{"status": {"phase": "none"}}]
        return items[0]["status"]

    def show(self, name):
        """Prints what is seen of a cluster."""
        status, job = self.cluster(name), self.job(name)
        print(f"    {name}: {status['phase']}", flush=True)
        for condition in status.get("conditions", []):
            if condition["status"] != "True":
                print(f"      {condition['type']} {condition['status']} {condition['reason']}: "
                      f"{condition['message']}", flush=True)
        if status.get("waiting"):
            print("      waits on {on} since {since} until {until}; {releasedBy} can release it"
                  .format(**status["waiting"]), flush=True)
        for drift in status.get("drift", []):
            print(f"      drift: {drift}", flush=True)
        if job["phase"] in ("waiting", "stalled", "retryable"):
            waits = job["waitingOn"] or {}
            print(f"      job {job['phase']} at {job['step']}: "
                  f"{waits.get('what') or job['lastError']}; since {waits.get('since')}; "
                  f"{waits.get('releasedBy')} can release it", flush=True)

    def show_place(self):
        status = self.place()
        print(f"    management cluster: {status['phase']}", flush=True)
        for finding in status["findings"]:
            print(f"      {finding}", flush=True)

    # What the API's user does.

    def order(self, name, kind="namespace", wait=None, place="edge", **spec):
        spec = {"kind": kind, "managementCluster": place, "platform": False, **spec}
        return self.call("POST", CLUSTERS, {"name": name, "spec": spec}, wait)

    def is_ready(self, name, seconds=60):
        """How long a cluster takes to be ready with nothing left to do."""
        def settled():
            return (self.cluster(name)["phase"] == "ready"
                    and self.condition(name, "Settled")["status"] == "True"
                    and self.condition(name, "Observed")["status"] == "True")
        return until(settled, seconds)

    def heals(self, what, *names, seconds=60):
        """Whether all of them get ready by themselves."""
        begin = time.monotonic()
        for name in names:
            took = self.is_ready(name, seconds)
            self.check(f"{what}: {name} is ready after {time.monotonic() - begin:.1f} s",
                       took is not None, [self.cluster(name), self.job(name)])

    def waits(self, name, *words, seconds=30):
        """Whether the job of a cluster comes to wait on something that says those words."""
        def holds():
            job = self.job(name)
            said = json.dumps(job["waitingOn"]) + (job["lastError"] or "")
            return job["phase"] in ("waiting", "stalled") and all(word in said for word in words)
        took = until(holds, seconds)
        self.show(name)
        self.check(f"the job of {name} waits and names {', '.join(words)}", took is not None,
                   self.job(name))

    def namespace(self, name):
        return f"/api/v1/namespaces/t-acme-{name}"


def away(trial):
    """The API server is away."""
    trial.edge.close()
    took = trial.reaches("unreachable")
    trial.show_place()
    trial.check(f"the management cluster is unreachable after {took or 0:.1f} s", took is not None)
    lost = until(lambda: trial.condition("calm", "Observed")["status"] == "False", 10)
    trial.show("calm")
    trial.check("a cluster says that its status is an old one", lost is not None)
    trial.order("eager")
    trial.waits("eager", "management cluster edge")
    time.sleep(trial.outage)
    trial.check("nothing gave up", trial.job("eager")["phase"] in ("waiting", "running", "available"),
                trial.job("eager"))
    trial.edge.open()
    trial.heals("the API server is back", "eager", "calm")


def throttled(trial):
    """The API server answers 429."""
    trial.edge.throttles = True
    trial.call("PATCH", f"{CLUSTERS}/calm", {"spec": {"quota": {"pods": 41}}})
    trial.waits("calm", "too much to do")
    refused = trial.edge.refused
    trial.edge.throttles = False
    trial.heals(f"the API server has time again ({refused} calls refused)", "calm")


def credentials(trial):
    """The token expires; then the authority is rotated."""
    for pods, what, change in (
            (51, "the token has expired", lambda: setattr(trial.edge, "token", "second")),
            (52, "the authority was rotated", lambda: setattr(
                trial.edge, "authority", edges.Authority(trial.folder, "second")))):
        change()
        trial.edge.cut(lambda _: True)
        took = trial.reaches("unreachable")
        trial.show_place()
        trial.check(f"{what}: unreachable after {took or 0:.1f} s", took is not None)
        trial.call("PATCH", f"{CLUSTERS}/calm", {"spec": {"quota": {"pods": pods}}})
        trial.waits("calm", "management cluster edge")
        trial.call("PATCH", "/v1/management-clusters/edge",
                   {"spec": {"kubeconfig": trial.edge.kubeconfig()}}, wait=30)
        trial.heals("a new kubeconfig was sent", "calm")


def watch(trial):
    """Watches are cut, and something changes meanwhile."""
    trial.edge.cut_watches()
    path = trial.namespace("calm") + "/resourcequotas"
    quota = trial.outside.call("GET", path)[1]["items"][0]["metadata"]["name"]
    trial.outside.patch(f"{path}/{quota}?fieldManager=kubectl-edit", {"spec": {"hard": {"pods": "3"}}})
    took = until(lambda: trial.cluster("calm").get("drift"), 30)
    trial.show("calm")
    trial.check(f"{trial.edge.cuts} connections cut; the change is seen after {took or 0:.1f} s",
                took is not None)
    trial.check("the drift names the field and its manager",
                any("pods" in d and "kubectl-edit" in d for d in trial.cluster("calm")["drift"]))


def conflict(trial):
    """Another field manager takes a field by force."""
    if not trial.cluster("calm").get("drift"):
        watch(trial)
    trial.call("POST", f"{CLUSTERS}/calm:reconcile")
    took = until(lambda: trial.is_ready("calm", 1) and not trial.cluster("calm")["drift"], 30)
    trial.check("what Slipway applies it takes back when it is told to", took is not None,
                trial.cluster("calm"))


def rejected(trial):
    """The management repository takes no commit."""
    lock = os.path.join(trial.server.data, "repositories/_platform/management.git/slipway.lock")
    with open(lock, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # As somebody's push does that does not end.
        trial.order("parked", place="sandbox")
        trial.waits("parked", "repository")
    trial.heals("the push has ended", "parked")


def control_plane(trial):
    """A control plane never gets ready; then the deletion is stuck."""
    def fault(name, effect, message):
        trial.sandbox.call("POST", "/apis/sandbox.slipway.dev/v1/faults", {
            "apiVersion": "sandbox.slipway.dev/v1", "kind": "Fault", "metadata": {"name": name},
            "spec": {"target": {"kind": "Cluster", "name": "acme-whole"}, "effect": effect,
                     "message": message}})
    fault("dark", "controlPlaneNeverUp", "the load balancer has no healthy target")
    trial.order("whole", kind="cluster", place="sandbox")
    def told():
        return "healthy target" in json.dumps(trial.cluster("whole").get("conditions"))
    took = until(told, 30)
    trial.show("whole")
    waiting = trial.cluster("whole").get("waiting") or {}
    trial.check("the cluster quotes why", took is not None, trial.cluster("whole"))
    trial.check("and says on what it waits, since when and until when",
                all(waiting.get(part) for part in ("on", "since", "until")), waiting)
    trial.sandbox.call("DELETE", "/apis/sandbox.slipway.dev/v1/faults/dark")
    trial.heals("the load balancer has a target", "whole")

    fault("held", "deletionStuck", "")
    trial.call("DELETE", f"{CLUSTERS}/whole")
    trial.waits("whole", "finalizer")
    trial.sandbox.call("DELETE", "/apis/sandbox.slipway.dev/v1/faults/held")
    took = until(lambda: trial.cluster("whole")["phase"] == "404", 60)
    trial.check(f"the finalizer was given up: it is gone after {took or 0:.1f} s", took is not None,
                trial.job("whole"))


def stuck(trial):
    """An object with a foreign finalizer holds up a deletion."""
    trial.order("sticky", wait=60)
    path = trial.namespace("sticky") + "/configmaps"
    trial.outside.call("POST", path, {
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "theirs", "finalizers": ["example.com/hold"]}})
    trial.call("DELETE", f"{CLUSTERS}/sticky")
    trial.waits("sticky", "example.com/hold")
    trial.outside.patch(f"{path}/theirs", {"metadata": {"finalizers": None}})
    took = until(lambda: trial.cluster("sticky")["phase"] == "404", 60)
    trial.check(f"the finalizer was taken off: it is gone after {took or 0:.1f} s",
                took is not None, trial.job("sticky"))


def rotated(trial):
    """The kubeconfig in a cluster's Secret is replaced."""
    place = "edge"
    if trial.isReal:
        place = "played"
        played = edges.Edge(trial.sandbox, edges.Authority(trial.folder, place), place).open()
        trial.register(place, played)
    trial.order("inner", kind="cluster", place=place)
    home = edges.Upstream(f"http://127.0.0.1:{trial.server.port}/sandbox/acme-inner")
    inner = edges.Edge(home, edges.Authority(trial.folder, "inner"), "one").open()
    path = trial.namespace("inner") + "/secrets/acme-inner-kubeconfig"

    def put():
        """The makers of the cluster write the Secret anew."""
        text = base64.b64encode(inner.kubeconfig().encode()).decode()
        return trial.sandbox.patch(path, {"data": {"value": text}})[0] == 200

    until(lambda: trial.sandbox.call("GET", path)[0] == 200, 30)
    made = trial.sandbox.call("GET", path)[1]["data"]
    home.token = re.search(r'"?token"?: *"?([^"\s]+)', base64.b64decode(made["value"]).decode())[1]
    put()
    trial.heals("its API server is behind TLS", "inner")
    ask = lambda: trial.call("POST", f"{CLUSTERS}/inner/kubeconfig", {"role": "viewer"})
    trial.check("a kubeconfig is handed out", ask().status == 200)
    inner.token, inner.authority = "two", edges.Authority(trial.folder, "renewed")
    inner.cut(lambda _: True)
    answer = ask()
    trial.check("while the Secret is an old one, the answer says why",
                answer.status == 503 and "cluster acme/inner" in answer.json["detail"],
                answer.body.decode())
    put()
    answer = ask()
    trial.check("with the new one it goes on at once", answer.status == 200, answer.body.decode())
    inner.close()


def versions(trial):
    """A kind is served in another version than Slipway writes."""
    if trial.isReal:
        definition = trial.outside.call("GET", GIT)[1]
        old = copy.deepcopy(definition["spec"]["versions"])
        newer = copy.deepcopy(old)
        newer[0]["served"] = False
        newer.append({**copy.deepcopy(old[0]), "name": "v9", "served": True, "storage": False})
        break_it = lambda: trial.outside.patch(GIT, {"spec": {"versions": newer}})
        mend = lambda: trial.outside.patch(GIT, {"spec": {"versions": old}})
    else:
        break_it = lambda: trial.edge.renames.update({"source.toolkit.fluxcd.io": "v9"})
        mend = trial.edge.renames.clear
    break_it()
    trial.order("dated", platform=True)
    trial.waits("dated", "GitRepository", "v9")
    mend()
    if trial.job("dated")["phase"] == "stalled":
        trial.call("POST", f"/v1/jobs/{trial.cluster('dated')['job']}:retry")
    trial.heals("the version is served again", "dated")


CASES = {"away": away, "throttled": throttled, "credentials": credentials, "watch": watch,
         "conflict": conflict, "rejected": rejected, "control-plane": control_plane,
         "stuck": stuck, "rotated": rotated, "versions": versions}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--outage", type=float, default=3)
    parser.add_argument("--only", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--kubeconfig")
    arguments = parser.parse_args()
    trial = Trial(arguments)
    for name in arguments.only:
        begin = time.monotonic()
        print(f"{name}: {CASES[name].__doc__}", flush=True)
        CASES[name](trial)
        print(f"    ({time.monotonic() - begin:.1f} s)", flush=True)
    gone = trial.call("DELETE", "/v1/tenants/acme", wait=60)
    trial.check("the tenant goes, and nothing is left", gone.status == 204, gone.body.decode())
    trial.check("the server stops when it is told to", trial.server.stop() == 0,
                trial.server.tail(5))
    return trial.verdict.close()


if __name__ == "__main__":
    sys.exit(main())
