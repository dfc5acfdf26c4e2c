"""Callers of the API under faults, and the journal of what was acknowledged to them."""
import os
import queue
import re
import subprocess
import threading
import time
import zlib

import product


def wish(name):
    return {"name": name}


class Journal:
    """What callers were told, to be compared with what is there in the end."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acknowledged = {}
        self.wrong = []
        self.retries = 0

    def acknowledge(self, name, identifier):
        with self.lock:
            known = self.acknowledged.setdefault(name, identifier)
            if known != identifier:
                self.wrong.append(f"{name}: two ids, {known} and {identifier}")

    def complain(self, sentence):
        with self.lock:
            self.wrong.append(sentence)


def create(servers, name, journal, deadline):
    """Creates one tenant, asking again with the same key until it is acknowledged."""
    attempt = 0
    while time.monotonic() < deadline:
        server = servers[(zlib.crc32(name.encode()) + attempt) % len(servers)]
        attempt += 1
        try:
            answer = server.call("POST", "/v1/tenants", wish(name), timeout=10,
                                 Idempotency_Key=f"key-{name}")
        except product.Unreachable:
            answer = None
        if answer and answer.status in (200, 201, 202):
            journal.acknowledge(name, answer.json["id"])
            return True
        if answer and not may_ask_again(answer):
            journal.complain(f"{name}: {answer.status} {answer.body[:200]!r}")
            return False
        with journal.lock:
            journal.retries += 1
        time.sleep(min(1.0, 0.05 * attempt))
    journal.complain(f"{name}: not acknowledged in time")
    return False


def may_ask_again(answer):
    """503 and 429 with a time, and 409 while the first call with this key is still running."""
    if answer.status in (429, 503):
        return "retry-after" in answer.headers
    return answer.status == 409 and answer.json.get("code") == "idempotency-conflict"


def create_all(servers, names, callers, journal, seconds):
    """Starts the callers; returns a function that waits for them."""
    work = queue.Queue()
    for name in names:
        work.put(name)
    deadline = time.monotonic() + seconds

    def caller():
        while True:
            try:
                name = work.get_nowait()
            except queue.Empty:
                return
            create(servers, name, journal, deadline)
            if zlib.crc32(name.encode()) % 5 == 0:  # some callers ask once more though they were answered
                create(servers, name, journal, deadline)

    threads = [threading.Thread(target=caller, daemon=True) for _ in range(callers)]
    for thread in threads:
        thread.start()

    def wait(progress="callers"):
        begin = last = time.monotonic()
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.1)
            if time.monotonic() - last > 10:
                last = time.monotonic()
                print(f"  … {progress}: {len(journal.acknowledged)} of {len(names)} acknowledged,"
                      f" {last - begin:.0f} s", flush=True)

    wait.done = lambda: not any(thread.is_alive() for thread in threads)
    return wait


def listed(server, path="/v1/tenants", query="limit=500"):
    """Every entry of a list, page after page."""
    cursor = None
    items = []
    while True:
        more = f"&cursor={cursor}" if cursor else ""
        answer = server.call("GET", f"{path}?{query}{more}")
        page = answer.json
        items += page["items"]
        cursor = page["next"]
        if not cursor:
            return items


def wait_settled(server, names, seconds):
    """Seconds until every named tenant is ready; the phases of those that are not."""
    begin = last = time.monotonic()
    open_names = {}
    while time.monotonic() - begin < seconds:
        try:
            phases = {item["name"]: item["status"]["phase"] for item in listed(server)}
        except (product.Unreachable, KeyError, ValueError):
            phases = {}
        open_names = {name: phases.get(name) for name in names if phases.get(name) != "ready"}
        if not open_names:
            break
        if time.monotonic() - last > 10:
            last = time.monotonic()
            print(f"  … {len(open_names)} tenants are not ready yet", flush=True)
        time.sleep(0.25)
    return time.monotonic() - begin, open_names


def fork_commits(server, name, work):
    """How many commits the tenant's repository has beyond its blueprint's."""
    answer = server.call("GET", f"/v1/tenants/{name}/repository")
    if answer.status != 200:
        return f"{answer.status}"
    repository = answer.json
    owner, repo = re.search(r"/git/([^/]+)/([^/]+)\.git$",
                            repository["status"]["cloneUrl"]).groups()
    target = os.path.join(work, name)
    if not server.clone(owner, repo, target):
        return "not cloned"
    done = subprocess.run(
        ["git", "-C", target, "rev-list", "--count", f"{repository['status']['base']}..HEAD"],
        capture_output=True, text=True)
    return int(done.stdout) if done.returncode == 0 else done.stderr


def check_result(verdict, server, names, journal, settle_seconds):
    """What has to hold after every fault: nothing lost, nothing twice, everything ready."""
    verdict.check("no answer was wrong", not journal.wrong, "; ".join(journal.wrong[:5]))
    verdict.check(f"all {len(names)} tenants were acknowledged",
                  set(journal.acknowledged) == set(names))
    took, still_open = wait_settled(server, names, settle_seconds)
    verdict.check(f"every tenant ended ready ({took:.1f} s after the last answer)",
                  not still_open, str(dict(list(still_open.items())[:5])))
    tenants = listed(server)
    verdict.check("each exists once, under the id that was acknowledged",
                  len(tenants) == len(names)
                  and {t["name"]: t["id"] for t in tenants} == journal.acknowledged)
    work = product.folder("clones")
    counts = clone_all(server, names, work)
    wrong = {name: count for name, count in counts.items() if count != 1}
    verdict.check("each repository has exactly one fork commit", not wrong,
                  str(dict(list(wrong.items())[:5])))
    check_management(verdict, server, names, os.path.join(work, "_management"))


def clone_all(server, names, work, at_once=4):
    counts = {}
    rest = queue.Queue()
    for name in names:
        rest.put(name)

    def cloner():
        while not rest.empty():
            try:
                name = rest.get_nowait()
            except queue.Empty:
                return
            counts[name] = fork_commits(server, name, work)

    threads = [threading.Thread(target=cloner, daemon=True) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    last = time.monotonic()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.1)
        if time.monotonic() - last > 10:
            last = time.monotonic()
            print(f"  … {len(counts)} of {len(names)} repositories cloned", flush=True)
    return counts


def check_management(verdict, server, names, target):
    if not verdict.check("the management repository can be cloned",
                         server.clone("_platform", "management", target)):
        return
    register = os.path.join(target, "tenants")
    folders = {entry for entry in os.listdir(register)
               if os.path.isfile(os.path.join(register, entry, "namespace.yaml"))}
    verdict.check("its register has each tenant, and no other", folders == set(names),
                  f"{len(folders)} of {len(names)}")
