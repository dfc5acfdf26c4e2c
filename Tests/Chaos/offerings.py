"""What runs of services begin with, and look at: offerings, clusters, and what is left."""
import base64
import glob
import os
import random
import re
import subprocess
import threading
import time

import product

PAGE = os.path.join(product.TOP, "docs", "offerings.md")
# What is there for services and must go with them; leases and events come and go by themselves,
# the pods of the platform's own applications are named by chance, and what Flux applies for the
# platform is no service's.
ROWS = [
    "SELECT 'sandbox', cluster, kind, namespace, name FROM sandbox_object WHERE NOT is_deleted"
    " AND kind NOT IN ('Lease', 'Event', 'Fault', 'Pod', 'ReplicaSet', 'Endpoints')"
    " AND coalesce(body -> 'metadata' -> 'labels' ->> 'kustomize.toolkit.fluxcd.io/name', 'svc-')"
    " LIKE 'svc-%'",
    "SELECT 'service', name FROM service_instance", "SELECT 'binding', name FROM service_binding",
    "SELECT 'job', kind, subject_name FROM job",
]
# What Flux has not brought to its end yet, such as the applications of a new tenant.
UNDER_WAY = """
    SELECT kind, namespace, name FROM sandbox_object
     WHERE NOT is_deleted AND kind IN ('Kustomization', 'HelmRelease')
       AND NOT coalesce((body -> 'status' -> 'conditions')::jsonb, '[]')
           @> '[{"type": "Ready", "status": "True"}]'
"""


class Shelf:
    """What docs/offerings.md has its reader write and type, word for word, and later versions."""

    def __init__(self):
        self.folder = os.path.join(product.folder("shelf"), "shelf")
        with open(PAGE) as file:
            part = file.read().split("\n## One in ten minutes\n")[1].split("\n## ")[0]
        named = re.findall(r"\n`([\w./]+)`[^\n]*:\n\n```yaml\n(.*?)```", part, re.S)
        self.commands = re.search(r"\n```sh\n(.*?)```", part, re.S).group(1)
        for path, text in named:
            self.write(path, text)
        self.write("offerings/cache/README.md", "A cache.\n")
        self.paths = [path for path, _ in named]

    def write(self, path, text):
        whole = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w") as file:
            file.write(text)

    def read(self, path):
        with open(os.path.join(self.folder, path)) as file:
            return file.read()

    def type_commands(self, server):
        """What the page has its reader type, in the folder."""
        return self.run("bash", "-ec", self.commands, SLIPWAY=f"http://127.0.0.1:{server.port}",
                        TOKEN=server.token)

    def run(self, *words, **more):
        names = {f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER")
                 for what, text in (("NAME", "shelf"), ("EMAIL", "shelf@example.com"))}
        return subprocess.run(words, cwd=self.folder, env=dict(os.environ, **names, **more),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=180)

    def release(self, version, *changes):
        """Another version of blueprint and offering, with `(path, old, new)` changed."""
        offering = "offerings/cache/offering.yaml"
        self.write(offering, re.sub(r"(\n  version: )\S+", rf"\g<1>{version}",
                                    self.read(offering)))
        for path, old, new in changes:
            text = self.read(path)
            assert old in text, f"{path} has no {old!r}"
            self.write(path, text.replace(old, new))
        self.run("git", "commit", "-qam", f"Offer version {version}").check_returncode()
        self.run("git", "tag", f"v{version}").check_returncode()


class Platform:
    """One Slipway with a database of its own, which survives it."""

    def __init__(self, name, processes=1):
        self.database = product.Postgres().start()
        self.data = product.folder(name)
        self.servers = []
        for _ in range(processes):
            self.servers.append(product.Server(self.data, database=self.database.url).start())
            self.servers[-1].wait_ready()
        self.server = self.servers[-1]

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
            time.sleep(0.1)

    def world(self):
        """Everything that is there for services."""
        rows = {row for sql in ROWS for row in self.database.query(sql)}
        for files in glob.glob(f"{self.data}/repositories/*/*.git"):
            words = ["git", "-c", "safe.directory=*", f"--git-dir={files}", "ls-tree", "-r",
                     "main"]
            tree = subprocess.run(words, check=True, capture_output=True, text=True).stdout
            rows |= {f"{files}: {line}" for line in tree.splitlines()}
        return rows

    def settled(self, seconds=60):
        """Everything that is there once nothing changes any more."""
        end = time.monotonic() + seconds
        before, now = None, self.world()
        while time.monotonic() < end and (now != before or self.database.query(UNDER_WAY)):
            time.sleep(0.5)
            before, now = now, self.world()
        return now

    def strike(self, moments, server=None):
        """Kills the server that long after each start of it, in the background."""
        server = server or self.server

        def work():
            for moment in moments:
                time.sleep(moment)
                server.kill()
                server.start()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread


class TenantCluster:
    """A cluster of the sandbox, through the API that kubectl speaks."""

    def __init__(self, platform, tenant, name="main"):
        self.platform = platform
        answer = platform.ask("POST", f"/v1/tenants/{tenant}/clusters/{name}/kubeconfig",
                              {"role": "admin", "ttlSeconds": 3600}, Accept="application/yaml")
        text = answer.body.decode()
        self.token = re.search(r"token: \"?([^\s\"]+)", text).group(1)
        self.path = "/" + re.search(r"server: \"?https?://[^/]+/([^\s\"]+)", text).group(1)

    def call(self, method, path, body=None, **more):
        return self.platform.server.call(method, self.path + path, body, token=self.token, **more)

    def read(self, path):
        """The object; None where it is not there."""
        answer = self.call("GET", path)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise product.Unreachable(f"{answer.status} {answer.body[:200]!r}")
        return answer.json

    def secret(self, namespace, name):
        """Its values; None where it is not there."""
        found = self.read(f"/api/v1/namespaces/{namespace}/secrets/{name}")
        return found and {key: base64.b64decode(value).decode()
                          for key, value in found.get("data", {}).items()}

    def fault(self, name, **spec):
        """Makes something go wrong, as docs/sandbox.md says."""
        return self.platform.ask(
            "POST", f"{self.path}/apis/sandbox.slipway.dev/v1/faults",
            {"apiVersion": "sandbox.slipway.dev/v1", "kind": "Fault",
             "metadata": {"name": name}, "spec": spec}, token=self.token)

    def heal(self, name):
        return self.call("DELETE", f"/apis/sandbox.slipway.dev/v1/faults/{name}")


def moments(seed, count, longest):
    """When to kill, by chance that can be played again."""
    chance = random.Random(seed)
    return [chance.uniform(0.2, longest) for _ in range(count)]
