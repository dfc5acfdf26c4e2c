"""Enqueues no-op jobs into pgqueuer, drains them, and prints jobs a second.

usage: pgqueuer_drain.py DSN JOBS
"""
import asyncio
import sys
import time

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.types import QueueExecutionMode


async def main(dsn, jobs):
    connection = await asyncpg.connect(dsn)
    queue = PgQueuer(AsyncpgDriver(connection))
    await queue.qm.queries.install()

    @queue.entrypoint("noop")
    async def noop(job):
        return None

    for first in range(0, jobs, 1000):
        count = min(1000, jobs - first)
        await queue.qm.queries.enqueue(["noop"] * count, [None] * count, [0] * count)
    begin = time.perf_counter()
    await queue.qm.run(batch_size=100, mode=QueueExecutionMode.drain)
    print(jobs / (time.perf_counter() - begin))
    await connection.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
