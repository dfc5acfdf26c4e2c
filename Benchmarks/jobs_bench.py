"""Drain of no-op jobs: Slipway beside pgqueuer and procrastinate, and with a held snapshot."""
import os
import re
import subprocess
import time

import measure
import product

# Ids that begin with the time, as the product makes them.
INSERT = """
INSERT INTO job (id, kind, subject_kind, subject_name, steps)
SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
        || '7' || substr(gen_random_uuid()::text, 16))::uuid,
       'bench.noop', 'platform', 'bench', '[]'
  FROM generate_series(1, {count})
"""


def worker(database, data):
    server = product.Server(data, database=database.url, program=product.binary("release"),
                            flags=["--allow-benchmarks", "true"])
    server.start()
    server.wait_ready()
    return server


def done(server):
    """How many jobs the server has completed; asking the database would read over dead rows."""
    text = server.call("GET", "/metrics", token=None).body.decode()
    found = re.search(r'^slipway_job_results_total\{state="completed"\} (\d+)', text, re.M)
    return int(found.group(1)) if found else 0


def drain(server, database, count, seconds=300):
    """Jobs a second, from the commit that makes them visible to the last one's completion."""
    pids = [*measure.tree(server.process.pid), *database.pids()]
    goal = done(server) + count
    database.query(INSERT.format(count=count))
    begin = time.perf_counter()
    start = measure.cpu_seconds(pids)
    while done(server) < goal:
        time.sleep(0.02)
        if time.perf_counter() - begin > seconds:
            raise SystemExit(f"{count} jobs were not done within {seconds} s")
    took = time.perf_counter() - begin
    return measure.Sample(count / took, (measure.cpu_seconds(pids) - start) / count)


def peer(database, name, count):
    """Jobs a second of a peer from PyPI, in a database of its own."""
    base = f"{name}_{time.monotonic_ns()}"
    database.query(f"CREATE DATABASE {base}")
    folder = os.path.join(measure.TOP, "Benchmarks", "peers")
    python = os.path.join(measure.TOP, ".build-benchmarks", "venv", "bin", "python")
    url = database.url.replace("/postgres", f"/{base}")
    process = subprocess.Popen([python, os.path.join(folder, f"{name}_drain.py"), url, str(count)],
                               stdout=subprocess.PIPE, text=True)
    pids = database.pids()
    start = measure.cpu_seconds(pids)
    out, _ = process.communicate(timeout=300)
    if process.returncode != 0:
        raise SystemExit(f"{name} failed")
    used = measure.cpu_seconds(pids) - start
    return measure.Sample(float(out), used / count)


def run(table, server, database, count, quick):
    print(f"drain of {count:,} no-op jobs", flush=True)
    found = measure.rounds({
        "slipway": lambda: drain(server, database, count),
        "pgqueuer": lambda: peer(database, "pgqueuer", 20_000),
        "procrastinate": lambda: peer(database, "procrastinate", 500 if quick else 2_000),
    }, 1 if quick else 3)
    ours = found["slipway"]
    table.compare("no-op jobs", ours, "pgqueuer", found["pgqueuer"], 5)
    table.compare("no-op jobs", ours, "procrastinate", found["procrastinate"], 50)
    held_snapshot(table, server, database, count, 15 if quick else 180, ours)


def held_snapshot(table, server, database, count, seconds, ours):
    """The same while a transaction stays idle that keeps every dead row in place."""
    print(f"the same for {seconds} s while a transaction is held open", flush=True)
    holder = subprocess.Popen(
        ["psql", "-XAtq", "-h", "127.0.0.1", "-p", str(database.port), "-U", "slipway", "-d",
         "postgres"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    holder.stdin.write("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT txid_current();\n")
    holder.stdin.flush()
    begin = time.monotonic()
    last = drain(server, database, count)
    while time.monotonic() - begin < seconds:
        last = drain(server, database, count)
        print(f"  … {time.monotonic() - begin:.0f} s: {last.rate:,.0f}/s", flush=True)
    holder.stdin.close()
    holder.wait(10)
    table.compare("no-op jobs, old snapshot held", last, "without", ours, 0.7)
