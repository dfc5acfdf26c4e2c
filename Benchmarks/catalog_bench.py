"""The catalog with 100,000 entities and 300,000 relations out of a tenant's repository."""
import http.client
import os
import random
import time

import database_bench
import measure
import product
from fork_bench import git

FILES, DOCUMENTS = 1_000, 100
ENTITY = """---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: service-{n}
  title: {title} {n}
  description: Revision {revision} of what {word} needs.
  tags: [{tag}]
spec:
  type: {type}
  lifecycle: production
  owner: team-{owner}
  system: system-{system}
  dependsOn: ["component:service-{needed}"]
"""
WORDS = ["orders", "billing", "shipping", "search", "stock", "login", "mail", "images", "prices"]


def write(folder, number, revision):
    """One file of entities, each with an owner, a system and something that it needs."""
    path = os.path.join(folder, "catalog", f"{number % 50}", f"{number}")
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, "catalog-info.yaml"), "w") as file:
        for n in range(number * DOCUMENTS, (number + 1) * DOCUMENTS):
            word = WORDS[n % len(WORDS)]
            file.write(ENTITY.format(
                n=n, revision=revision, word=word, title=word.capitalize(), tag=f"t{n % 500}",
                type=["service", "library", "website"][n % 3], owner=n % 1_000,
                system=n % 2_000, needed=(n * 7 + 1) % (FILES * DOCUMENTS)))


def push(folder, message):
    git("add", "-A", cwd=folder)
    git("commit", "-qm", message, cwd=folder)
    git("push", "-q", "origin", "HEAD:main", cwd=folder)


def look(server, location):
    """Seconds of one look at the location, and what it found."""
    begin = time.perf_counter()
    while True:
        answer = server.call("POST", f"/v1/catalog/locations/{location}:refresh", timeout=90)
        if answer.status in (200, 202):
            break
        time.sleep(1)
    job = answer.headers["location"]
    while True:
        state = server.call("GET", job).json["status"]["phase"]
        if state == "completed":
            break
        if state in ("stalled", "cancelled") or time.perf_counter() - begin > 1_800:
            raise SystemExit(f"the look ended {state}")
        time.sleep(0.2)
    found = server.call("GET", f"/v1/catalog/locations/{location}").json["status"]
    return time.perf_counter() - begin, found


def p99(server, paths):
    """Milliseconds within which 99 of 100 requests are answered, one after the other."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    times = []
    for path in paths:
        begin = time.perf_counter()
        answer = server.call("GET", path, connection=link)
        times.append(1e3 * (time.perf_counter() - begin))
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {answer.body!r}")
    return sorted(times)[int(len(times) * 0.99) - 1]


def run(table, server, database, seconds, count, quick):
    print(f"a catalog of {FILES * DOCUMENTS:,} entities", flush=True)
    folder = os.path.join(product.folder("catalog"), "repository")
    git("clone", "-q", os.path.join(server.data, "repositories", "acme", "platform.git"), folder)
    for number in range(FILES):
        write(folder, number, 1)
    push(folder, "Describe everything")
    while True:
        listed = server.call("GET", "/v1/catalog/locations").json["items"]
        if listed:
            break
        time.sleep(1)
    location = listed[0]["id"]
    took, found = look(server, location)
    print(f"  … ingest: {took:.1f} s, {found['entities']:,} entities", flush=True)
    resident = measure.resident_megabytes(server.process.pid)
    table.limit("catalog ingest of 100,000 entities", took, "s", 600)
    took, found = look(server, location)
    table.limit("catalog refresh, unchanged: files read", found["filesRead"], "files", 1e-9)
    table.limit("catalog refresh, unchanged", took, "s", 30)
    for number in range(0, FILES, 100):
        write(folder, number, 2)
    push(folder, "Change one file in a hundred")
    took, found = look(server, location)
    print(f"  … 1 % changed: {took:.1f} s, {found['filesRead']} files read", flush=True)
    table.limit("catalog refresh, 1 % changed", took, "s", 60)
    table.limit("memory after it, of that after the ingest",
                measure.resident_megabytes(server.process.pid) / resident, "×", 1.2)
    database.query("VACUUM ANALYZE")
    questions(table, server, database, seconds, count, 100 if quick else 1_000)


def questions(table, server, database, seconds, count, repeats):
    chance = random.Random(1)
    last = FILES * DOCUMENTS - 1
    header = [f"Authorization: Bearer {server.token}"]
    path = f"/api/catalog/entities/by-name/component/acme/service-{last // 2}"
    found = measure.rounds({
        "slipway": lambda: measure.wrk(
            f"http://127.0.0.1:{server.port}{path}", seconds, database_bench.CLIENTS,
            database_bench.everyone(server, database), headers=header),
        "pgbench -S": lambda: measure.pgbench(database, seconds, database_bench.CLIENTS,
                                              ["-S", "bench"]),
    }, count)
    table.compare("catalog entity by name, requests", found["slipway"], "pgbench -S",
                  found["pgbench -S"], 0.5)
    base = "/api/catalog/entities/by-query?limit=50"
    table.limit("catalog page of 50, filtered, p99", p99(server, [
        f"{base}&filter=kind=component,spec.type=service,metadata.tags=t{chance.randrange(500)}"
        for _ in range(repeats)]), "ms", 50)
    table.limit("catalog full text, p99", p99(server, [
        f"/v1/catalog/entities?q={chance.choice(WORDS)}%20{chance.randrange(last)}"
        for _ in range(repeats)]), "ms", 50)
    table.limit("catalog facets of a team, p99", p99(server, [
        f"/api/catalog/entity-facets?facet=spec.type&facet=metadata.tags"
        f"&filter=relations.ownedby=group:acme/team-{chance.randrange(1_000)}"
        for _ in range(repeats)]), "ms", 50)
    table.limit("catalog relations, two levels, p99", p99(server, [
        f"/v1/catalog/entities/component/acme/service-{chance.randrange(last)}"
        "/relations?direction=in&depth=2" for _ in range(repeats)]), "ms", 50)
