"""Enqueues no-op jobs into pgqueuer, drains them, and prints jobs a second.

usage: pgqueuer_drain.py DSN JOBS [WORKERS BATCH]

As its own tools/benchmark.py drains: on uvloop and asyncpg, with tables as they are installed
(logged), five dequeuers in one process, ten jobs a batch.
"""
import asyncio
import sys
import time

import asyncpg
import uvloop
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.types import QueueExecutionMode


async def main(dsn, jobs, workers=5, batch=10):
    queues = [PgQueuer(AsyncpgDriver(await asyncpg.connect(dsn))) for _ in range(workers)]
    queries = queues[0].qm.queries
    await queries.install()

    for queue in queues:
        @queue.entrypoint("noop")
        async def noop(job):
            return None

    for first in range(0, jobs, 1000):
        count = min(1000, jobs - first)
        await queries.enqueue(["noop"] * count, [b""] * count, [0] * count)
    begin = time.perf_counter()
    await asyncio.gather(
        *(queue.run(batch_size=batch, mode=QueueExecutionMode.drain) for queue in queues))
    print(jobs / (time.perf_counter() - begin))


uvloop.run(main(sys.argv[1], *map(int, sys.argv[2:])))
