"""A blueprint of 100 files, forked: Slipway's own step beside git's clone, edit and commit."""
import datetime
import os
import statistics
import subprocess
import time

import product

MANIFEST = """apiVersion: slipway.dev/v1
kind: Blueprint
metadata:
  name: hundred
  description: A hundred files.
parameters:
  type: object
  properties: {}
substitute:
  - apps/**
"""
BODY = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: part-{n}\n  namespace: ${{TENANT}}\n"


# As durable as Slipway's: a fork is told once it is on the disk. `batch` is Git's cheapest way.
DURABLE = ("-c", "core.fsync=committed,loose-object,reference", "-c", "core.fsyncMethod=batch")


def git(*words, cwd=None):
    environment = dict(os.environ, GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="bench",
                       GIT_AUTHOR_EMAIL="bench@example.com", GIT_COMMITTER_NAME="bench",
                       GIT_COMMITTER_EMAIL="bench@example.com")
    subprocess.run(["git", *words], cwd=cwd, env=environment, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def blueprint(folder, example):
    """A repository of 100 files with the manifest of the example blueprint."""
    path = os.path.join(folder, "blueprint")
    os.makedirs(path)
    git("init", "-q", "-b", "main", cwd=path)
    with open(os.path.join(path, "blueprint.yaml"), "w") as file:
        file.write(example)
    for n in range(100):
        os.makedirs(os.path.join(path, "apps", f"part-{n % 10}"), exist_ok=True)
        with open(os.path.join(path, "apps", f"part-{n % 10}", f"{n}.yaml"), "w") as file:
            file.write(BODY.format(n=n))
    git("add", "-A", cwd=path)
    git("commit", "-qm", "Begin", cwd=path)
    git("tag", "v1.0.0", cwd=path)
    return path


def by_git(source, folder, repeats, settings):
    """Median seconds of clone, edit of every file, commit."""
    times = []
    for number in range(repeats):
        target = os.path.join(folder, f"git-{len(settings)}-{number}")
        begin = time.perf_counter()
        git(*settings, "clone", "-q", source, target)
        for root, _, names in os.walk(os.path.join(target, "apps")):
            for name in names:
                path = os.path.join(root, name)
                with open(path) as file:
                    text = file.read()
                with open(path, "w") as file:
                    file.write(text.replace("${TENANT}", "acme"))
        git(*settings, "commit", "-qam", "Fill in", cwd=target)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def by_slipway(server, repeats):
    """Median seconds of the step that forks, from the job's own record."""
    times = []
    for number in range(repeats):
        wish = {"name": f"fork-{number}", "spec": {"blueprint": "hundred"}}
        answer = server.call("POST", "/v1/tenants", wish, timeout=90, Prefer="wait=60")
        if answer.status not in (200, 201, 202):
            raise SystemExit(f"no tenant: {answer.status} {answer.body!r}")
        job = answer.json["status"]["job"]
        steps = server.call("GET", f"/v1/jobs/{job}").json["status"]["steps"]
        step = next(step for step in steps if "fork" in step["name"])
        times.append((instant(step["finishedAt"]) - instant(step["startedAt"])).total_seconds())
    return statistics.median(times)


def run(table, server, repeats):
    print("fork of a blueprint of 100 files", flush=True)
    folder = product.folder("fork")
    source = blueprint(folder, MANIFEST)
    answer = server.call("POST", "/v1/blueprints", {"name": "hundred", "spec": {"source": {"url": source}}},
                         timeout=90, Prefer="wait=60")
    if answer.status not in (200, 201, 202):
        raise SystemExit(f"no blueprint: {answer.status} {answer.body!r}")
    ours = by_slipway(server, repeats)
    quick = by_git(source, folder, repeats, ())
    theirs = by_git(source, folder, repeats, DURABLE)
    print(f"  … git that leaves it to the kernel: {1e3 * quick:.1f} ms", flush=True)
    table.row("fork of 100 files, filled in, committed", f"{1e3 * ours:.1f} ms",
              f"git {1e3 * theirs:.1f} ms", theirs / ours, 5)
