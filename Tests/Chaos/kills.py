"""One process under load, killed with -9 and started again."""
import random
import time

import callers
import product


def run(verdict, seed, tenants, callers_count, kills, seconds):
    """`tenants` by `callers_count` callers while the server is killed `kills` times."""
    print(f"kill -9 under load: {tenants} tenants, {callers_count} callers, {kills} kills,"
          f" seed {seed}", flush=True)
    chance = random.Random(seed)
    names = [f"team-{number:04}" for number in range(tenants)]
    data = product.folder("kills")
    server = product.Server(data).start()
    server.wait_ready()
    journal = callers.Journal()
    wait = callers.create_all([server], names, callers_count, journal, seconds)
    slowest = 0.0
    for number in range(kills):
        # Spread over the work itself, so that no kill comes after the last tenant.
        share = len(names) * (number + chance.random()) / (kills + 1)
        limit = time.monotonic() + seconds / (kills + 1)
        while len(journal.acknowledged) < share and not wait.done():
            if time.monotonic() > limit:
                break
            time.sleep(0.01)
        time.sleep(chance.random() * 0.2)
        server.kill()
        server.start()
        slowest = max(slowest, server.wait_ready())
    wait()
    print(f"  … slowest restart {slowest:.2f} s, {journal.retries} calls asked again", flush=True)
    callers.check_result(verdict, server, names, journal, seconds)
    verdict.check("the server stops when it is told to", server.stop() == 0, server.tail(5))
