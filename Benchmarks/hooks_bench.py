"""Deliveries of a forge: from accepted to the environment's job at work, and 200 a second."""
import datetime
import hashlib
import hmac
import json
import statistics
import threading
import time

import product

SECRET = "a secret of sixteen or more"
REPOSITORY = "bench-hooks/shop"
# Within the 50 awake environments that a tenant may have.
PULLS = 40
RATE = 200
THREADS = 8
STARTED = """
SELECT d.id, extract(epoch FROM j.started_at),
       extract(epoch FROM j.started_at - d.received_at) * 1000
  FROM source_delivery d
  JOIN deployment p ON p.origin ->> 'delivery' = d.id::text
  JOIN any_job j ON j.id = p.job_id
 WHERE j.started_at IS NOT NULL
"""


def payload(number, revision):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return json.dumps({
        "action": "synchronized", "number": number,
        "pull_request": {
            "number": number, "updated_at": now, "draft": False, "labels": [],
            "head": {"ref": f"branch-{number}", "sha": hashlib.sha1(revision.encode()).hexdigest(),
                     "repo": {"full_name": REPOSITORY}},
            "base": {"ref": "main"}, "body": "x" * 20_000},
        "repository": {"full_name": REPOSITORY}}).encode()


def deliver(server, number, revision):
    """Sends one delivery; the answer."""
    body = payload(number, revision)
    signature = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    return server.call("POST", "/v1/hooks/gitea", body, token=None, **{
        "Content-Type": "application/json", "X-Gitea-Event": "pull_request",
        "X-Gitea-Delivery": revision, "X-Gitea-Signature": signature})


def prepare(server):
    """A tenant with a cluster, and a source of it."""
    made = server.call("POST", "/v1/tenants",
                       {"name": "bench-hooks", "spec": {
                           "blueprint": "platform", "isolation": "vcluster"}},
                       timeout=120, Prefer="wait=90")
    if made.status not in (201, 202):
        raise SystemExit(f"no tenant: {made.status} {made.body!r}")
    server.call("PUT", "/v1/forges/bench",
                {"spec": {"kind": "gitea", "url": "https://git.example.com/api/v1"}})
    made = server.call("PUT", "/v1/tenants/bench-hooks/sources/shop", {"spec": {
        "forge": "bench", "repository": REPOSITORY, "secret": SECRET, "pullRequests": {
            "images": {"app": "registry.example.com/shop:${REVISION_SHORT}"}}}})
    if made.status not in (200, 201):
        raise SystemExit(f"no source: {made.body}")


def unhandled(database):
    rows = database.query("SELECT count(*) FROM source_delivery WHERE state = 'accepted'")
    return int(rows[0])


def settle(database, seconds=300):
    begin = time.monotonic()
    while unhandled(database) > 0:
        if time.monotonic() - begin > seconds:
            return False
        time.sleep(0.5)
    return True


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def run(table, server, database, seconds):
    print("deliveries of a forge", flush=True)
    prepare(server)
    accepted = {}
    for number in range(1, PULLS + 1):
        answer = deliver(server, number, f"idle-{number}")
        if answer.status != 202:
            raise SystemExit(f"a delivery was answered with {answer.status}")
        accepted[answer.json["delivery"]] = time.time()  # the forge has its 202
        time.sleep(1)  # idle: what the delivery before made is over, or waits for its pods
    settle(database)
    found, whole = [], []
    for line in database.query(STARTED):
        delivery, started, since = line.split("|")
        found.append((float(started) - accepted[delivery]) * 1000)
        whole.append(float(since))
    print(f"  … from the first byte: p50 {statistics.median(whole):.2f} ms, "
          f"p99 {percentile(whole, 0.99):.2f} ms", flush=True)
    table.limit("delivery accepted to job started, p50", statistics.median(found), "ms", 5)
    table.limit("delivery accepted to job started, p99", percentile(found, 0.99), "ms", 50)
    loaded(table, server, database, seconds)


def loaded(table, server, database, seconds):
    """200 a second: none is lost, and the API answers as ever."""
    statuses, reads = [], []
    begin = time.perf_counter()

    def send(thread):
        for turn in range(thread, RATE * seconds, THREADS):
            time.sleep(max(0, begin + turn / RATE - time.perf_counter()))
            statuses.append(deliver(server, turn % PULLS + 1, f"load-{turn}").status)

    threads = [threading.Thread(target=send, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        since = time.perf_counter()
        server.call("GET", "/v1/tenants/bench-hooks")
        reads.append((time.perf_counter() - since) * 1000)
        time.sleep(0.05)
    took = time.perf_counter() - begin
    refused = sum(status not in (200, 202) for status in statuses)
    lost = 0 if settle(database) else unhandled(database)
    table.row("deliveries a second", f"{len(statuses) / took:,.0f}/s", f"{RATE}/s asked for",
              len(statuses) / took / RATE, 0.95)
    table.limit("deliveries refused or lost", refused + lost, "of them", 1)
    table.limit("GET while they come, p99", percentile(reads, 0.99), "ms", 50)
