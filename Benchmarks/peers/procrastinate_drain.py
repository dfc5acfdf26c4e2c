"""Defers no-op jobs to procrastinate, drains them, and prints jobs a second.

usage: procrastinate_drain.py DSN JOBS
"""
import asyncio
import logging
import sys
import time

import procrastinate

logging.disable(logging.CRITICAL)
app = procrastinate.App(
    connector=procrastinate.PsycopgConnector(conninfo=sys.argv[1], max_size=12))


@app.task(queue="q")
async def noop():
    return None


async def main(jobs):
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for first in range(0, jobs, 500):
            await noop.batch_defer_async(*[{}] * min(500, jobs - first))
        begin = time.perf_counter()
        await app.run_worker_async(queues=["q"], wait=False, concurrency=10)
        print(jobs / (time.perf_counter() - begin))


asyncio.run(main(int(sys.argv[2])))
