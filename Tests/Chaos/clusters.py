"""Clusters in the sandbox, used as people use them: with the API and stock kubectl.

usage: clusters.py     KUBECTL names the program where it is not `kubectl`
"""
import json
import os
import subprocess
import sys
import time

import product

KUBECTL = os.environ.get("KUBECTL", "kubectl")

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: default
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example/web:1
          ports: [{containerPort: 8080}]
"""


class User:
    """Somebody with a kubeconfig."""

    def __init__(self, folder, name, text):
        self.path = os.path.join(folder, f"{name}.kubeconfig")
        with open(self.path, "wb") as file:
            file.write(text)

    def kubectl(self, *words, given=None, seconds=60):
        """The result of one command."""
        return subprocess.run([KUBECTL, f"--kubeconfig={self.path}", *words], input=given,
                              capture_output=True, text=True, timeout=seconds,
                              env=dict(os.environ, HOME=os.path.dirname(self.path)))


def status(server, path):
    answer = server.call("GET", path)
    return answer.json["status"] if answer.status == 200 else {"phase": str(answer.status)}


def await_phase(server, path, phase, seconds=60):
    """Whether the phase is reached in time."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        if status(server, path)["phase"] == phase:
            return True
        time.sleep(0.1)
    return False


def user(server, folder, cluster, role):
    answer = server.call("POST", f"{cluster}/kubeconfig", {"role": role},
                         Accept="application/yaml")
    return User(folder, role, answer.body), answer


def shown(admin, word, seconds=60):
    """What `kubectl get pods -A` prints once it prints the word, or in the end."""
    begin = time.monotonic()
    while True:
        done = admin.kubectl("get", "pods", "-A")
        if word in done.stdout or time.monotonic() - begin > seconds:
            return done
        time.sleep(0.5)


def check_kubectl(verdict, admin):
    """What people do with kubectl on a first day."""
    pods = shown(admin, "podinfo")
    verdict.check("kubectl get pods -A shows what the platform repository deployed",
                  "podinfo" in pods.stdout and "Running" in pods.stdout,
                  pods.stdout + pods.stderr)
    done = admin.kubectl("apply", "--server-side", "-f", "-", given=DEPLOYMENT)
    verdict.check("kubectl apply --server-side", done.returncode == 0, done.stderr)
    done = admin.kubectl("wait", "--for=condition=Available", "deployment/web", "--timeout=30s")
    verdict.check("kubectl wait", done.returncode == 0, done.stdout + done.stderr)
    for words in (["get", "pods", "-o", "wide"], ["get", "nodes"], ["describe", "deployment/web"],
                  ["get", "deployment", "web", "-o", "yaml"], ["api-resources"], ["version"],
                  ["get", "events"], ["annotate", "deployment/web", "a=b"],
                  ["label", "deployment/web", "c=d"], ["scale", "deployment/web", "--replicas=3"],
                  ["rollout", "status", "deployment/web", "--timeout=30s"],
                  ["create", "namespace", "other"], ["delete", "namespace", "other"],
                  ["delete", "deployment/web"]):
        done = admin.kubectl(*words)
        verdict.check(f"kubectl {' '.join(words)}", done.returncode == 0,
                      done.stdout[-300:] + done.stderr[-300:])
    done = admin.kubectl("get", "deployment", "web")
    verdict.check("what was deleted is gone", done.returncode == 1 and "NotFound" in done.stderr,
                  done.stdout + done.stderr)


def check_roles(verdict, server, folder, cluster):
    viewer, answer = user(server, folder, cluster, "viewer")
    verdict.check("a kubeconfig is not to be stored",
                  answer.headers.get("cache-control") == "no-store", str(answer.headers))
    done = viewer.kubectl("get", "pods")
    verdict.check("a viewer looks", done.returncode == 0, done.stderr)
    done = viewer.kubectl("create", "namespace", "mine")
    verdict.check("and changes nothing", done.returncode == 1 and "orbidden" in done.stderr,
                  done.stdout + done.stderr)
    done = viewer.kubectl("get", "secrets", "-A")
    verdict.check("and sees no secrets", done.returncode == 1, done.stdout)
    done = viewer.kubectl("get", "secrets", "-n", "default")
    verdict.check("in no namespace", done.returncode == 1, done.stdout)
    developer, _ = user(server, folder, cluster, "developer")
    for words in (["create", "configmap", "mine", "-n", "default"], ["get", "nodes"],
                  ["get", "pods,deployments,events", "-A"],
                  ["delete", "configmap", "mine", "-n", "default"]):
        done = developer.kubectl(*words)
        verdict.check(f"a developer may {' '.join(words)}", done.returncode == 0,
                      done.stdout + done.stderr)
    for words in (["create", "token", "slipway-admin", "-n", "slipway-system"],
                  ["get", "secrets", "-n", "slipway-system"],
                  ["get", "secrets", "-n", "kube-system"], ["get", "configmaps", "-A"],
                  ["create", "namespace", "mine"]):
        done = developer.kubectl(*words)
        verdict.check(f"a developer may not {' '.join(words)}",
                      done.returncode == 1 and "orbidden" in done.stderr,
                      done.stdout + done.stderr)


def check_sleep(verdict, server, cluster, admin):
    server.call("POST", f"{cluster}:sleep", Prefer="wait=30")
    verdict.check("a virtual cluster is put to sleep", await_phase(server, cluster, "asleep"),
                  json.dumps(status(server, cluster)))
    done = admin.kubectl("get", "pods", "-A", "--request-timeout=5s")
    verdict.check("and does not answer", done.returncode != 0, done.stdout)
    server.call("POST", f"{cluster}:wake", Prefer="wait=30")
    verdict.check("it wakes up", await_phase(server, cluster, "ready"),
                  json.dumps(status(server, cluster)))
    done = shown(admin, "podinfo")
    verdict.check("with what was in it", "podinfo" in done.stdout, done.stdout + done.stderr)


def check_kinds(verdict, server):
    """The other two kinds, beside the first."""
    for name, spec in (("own", {"kind": "cluster"}), ("space", {"kind": "namespace"})):
        path = f"/v1/tenants/acme/clusters/{name}"
        answer = server.call("POST", "/v1/tenants/acme/clusters", {"name": name, "spec": spec},
                             Prefer="wait=60", timeout=90)
        verdict.check(f"a {spec['kind']} is made", answer.status == 201
                      and answer.json["status"]["phase"] == "ready", answer.body[:1500].decode())
        verdict.check(f"the {spec['kind']} is deleted",
                      server.call("DELETE", path, Prefer="wait=60", timeout=90).status == 204
                      and server.call("GET", path).status == 404,
                      json.dumps(status(server, path)))


def main():
    verdict = product.Verdict()
    folder = product.folder("clusters")
    server = product.Server(os.path.join(folder, "var")).start()
    server.wait_ready()
    cluster = "/v1/tenants/acme/clusters/main"
    answer = server.call("POST", "/v1/tenants", {"name": "acme", "spec": {"isolation": "vcluster"}},
                         Prefer="wait=60", timeout=90)
    verdict.check("a tenant with a virtual cluster is made", answer.status == 201,
                  answer.body[:500].decode())
    verdict.check("the virtual cluster is ready", await_phase(server, cluster, "ready"),
                  json.dumps(status(server, cluster)))
    admin, _ = user(server, folder, cluster, "admin")
    check_kubectl(verdict, admin)
    check_roles(verdict, server, folder, cluster)
    check_sleep(verdict, server, cluster, admin)
    check_kinds(verdict, server)
    gone = server.call("DELETE", "/v1/tenants/acme", Prefer="wait=60", timeout=90)
    verdict.check("the tenant goes, and its cluster with it", gone.status == 204,
                  gone.body[:500].decode())
    verdict.check("the server stops when it is told to", server.stop() == 0, server.tail(5))
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
