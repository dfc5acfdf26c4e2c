"""Drives stock kubectl against the sandbox's management cluster, as a person would.

Each line of the table is a command and what its output must contain; the commands build on each
other. Skipped where there is no kubectl.
"""
import os
import re
import shutil
import subprocess
import sys
import threading
import time

import product

MANIFEST = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop, labels: {tier: gold}}
data: {color: blue, size: small}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, name: http}]}
"""

COMMANDS = [
    ("version", r"\+slipway-sandbox"),
    ("get namespaces", r"kube-system +Active"),
    ("api-resources", r"deployments +deploy +apps/v1 +true +Deployment"),
    ("api-versions", r"cluster\.x-k8s\.io/v1beta2"),
    ("apply --server-side -f FILE", r"configmap/settings serverside-applied"),
    ("get configmap -n shop -l tier=gold -o name", r"configmap/settings"),
    ("get configmap settings -n shop -o jsonpath={.data.color}", r"^blue$"),
    ("get service -n shop -o wide", r"web +ClusterIP +[\d.]+ +<none> +80/TCP +\w+ +app=web"),
    ("describe configmap settings -n shop", r"color:\n----\nblue"),
    ("label configmap settings -n shop tier=tin --overwrite", r"labeled"),
    ("annotate configmap settings -n shop note=hello", r"annotated"),
    ("patch configmap settings -n shop -p {\"data\":{\"size\":\"large\"}}", r"patched"),
    ("get configmap settings -n shop -o jsonpath={.data}", r'"size":"large"'),
    ("create configmap other -n shop --from-literal=a=b", r"configmap/other created"),
    ("create deployment web -n shop --image=nginx --replicas=0", r"deployment.apps/web created"),
    ("scale deployment web -n shop --replicas=2", r"scaled"),
    ("get deployment web -n shop -o jsonpath={.spec.replicas}", r"^2$"),
    ("wait deployment/web -n shop --for=jsonpath={.spec.replicas}=2 --timeout=10s", r"met"),
    ("wait deployment/web -n shop --for=condition=Available --timeout=30s", r"condition met"),
    ("logs deployment/web -n shop --tail=1", r"^ready\b"),
    ("logs deployment/web -n shop --previous", r"previous terminated container .nginx. in pod"),
    ("create token default -n shop", r"^[\w-]+\.[\w-]+\.[\w-]+$"),
    ("auth can-i delete pods -n shop", r"^yes$"),
    ("auth can-i delete pods -n shop --as=nobody", r"^no$"),
    ("auth whoami", r"system:masters"),
    ("explain configmap", r"KIND: +ConfigMap"),
    ("get events -n shop", r""),
    ("delete configmap other -n shop", r'configmap "other" deleted'),
    ("delete deployment web -n shop --cascade=foreground", r"deleted"),
    ("delete namespace shop --timeout=30s", r'namespace "shop" deleted'),
    ("get namespace shop", r'namespaces "shop" not found'),
]


def kubeconfig(path, server):
    """A kubeconfig with the platform admin's token; without TLS it stands in the address."""
    address = f"http://slipway:{server.token}@127.0.0.1:{server.port}/sandbox/management"
    with open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(f"""apiVersion: v1
kind: Config
clusters: [{{name: management, cluster: {{server: "{address}"}}}}]
contexts: [{{name: management, context: {{cluster: management, user: admin}}}}]
users: [{{name: admin, user: {{}}}}]
current-context: management
""")


def main():
    if shutil.which("kubectl") is None:
        print("skipped: there is no kubectl")
        return 0
    work = product.folder("kubectl")
    server = product.Server(os.path.join(work, "var")).start()
    server.wait_ready()
    verdict = product.Verdict()
    config = os.path.join(work, "kubeconfig")
    manifest = os.path.join(work, "manifest.yaml")
    kubeconfig(config, server)
    with open(manifest, "w") as file:
        file.write(MANIFEST)

    def kubectl(*words):
        done = subprocess.run(
            ["kubectl", "--kubeconfig", config, "--cache-dir", os.path.join(work, "cache"), *words],
            capture_output=True, text=True, timeout=90)
        return (done.stdout + done.stderr).strip()

    for command, expected in COMMANDS:
        words = [manifest if word == "FILE" else word for word in command.split()]
        printed = kubectl(*words)
        verdict.check(f"kubectl {command}", re.search(expected, printed) is not None, printed)

    watched = []
    watch = threading.Thread(target=lambda: watched.append(
        kubectl("get", "configmap", "-n", "default", "-w", "--request-timeout=6s")))
    watch.start()
    while watch.is_alive() and len(watched) == 0:
        time.sleep(1)  # until the watch stands
        if "created" in kubectl("create", "configmap", "seen", "-n", "default"):
            break
    watch.join()
    verdict.check("kubectl get -w shows what comes", "seen" in watched[0], watched[0])
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
