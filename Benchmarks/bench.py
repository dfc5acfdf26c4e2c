"""Measures Slipway beside its peers on this machine, and prints one table of ratios.

usage: scripts/bench [--quick] [--only http|read|list|create|jobs|hooks|catalog|fork|idle]…
"""
import argparse
import sys

import measure
import product

import catalog_bench
import database_bench
import fork_bench
import hooks_bench
import http_bench
import idle_bench
import jobs_bench

PARTS = ["http", "read", "create", "list", "jobs", "hooks", "catalog", "fork", "idle"]


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--quick", action="store_true", help="short rounds: about three minutes")
    parser.add_argument("--only", choices=PARTS, action="append")
    chosen = parser.parse_args()
    parts = chosen.only or PARTS
    seconds, count = (3, 1) if chosen.quick else (10, 5)

    # As distributed: durable, with checkpoints that do not fall into a round.
    database = product.Postgres(settings=["shared_buffers=256MB", "max_wal_size=4GB"]).start()
    data = product.folder("bench")
    program = product.binary("release")
    server = product.Server(data, database=database.url, program=program).start()
    server.wait_ready()
    table = measure.Table()
    if "http" in parts:
        http_bench.run(table, server, seconds, count)
    if {"read", "list", "create", "catalog"} & set(parts):
        database_bench.prepare(server, database)
    if "read" in parts:
        database_bench.read_one(table, server, database, seconds, count)
    if "fork" in parts:
        fork_bench.run(table, server, 10 if chosen.quick else 50)
    if "hooks" in parts:
        hooks_bench.run(table, server, database, 10 if chosen.quick else 60)
    if "catalog" in parts:
        catalog_bench.run(table, server, database, seconds, count, chosen.quick)
    if "create" in parts or "list" in parts:
        alone(server, database, table, parts, chosen.quick, seconds, count)
    if "jobs" in parts:
        server.stop()
        server = jobs_bench.worker(database, data)
        jobs_bench.run(table, server, database, 20_000 if chosen.quick else 100_000, chosen.quick)
    if "idle" in parts:
        server.flags = []
        idle_bench.ready(table, server)
        idle_bench.idle(table, server, 10_000)
    table.close()
    return 1 if table.missed else 0


def alone(server, database, table, parts, quick, seconds, count):
    """What concerns the API alone runs without workers, so that no job runs beside it."""
    server.stop()
    server.flags = ["--role", "api"]
    server.start()
    server.wait_ready()
    if "create" in parts:
        database_bench.create(table, server, database, seconds, count)
    if "list" in parts:
        database_bench.list_flat(table, server, database, 100 if quick else 1_000)
    database.query("DELETE FROM job")


if __name__ == "__main__":
    sys.exit(main())
