"""Breaks the product on purpose and checks what callers were told against what is there.

usage: chaos.py [--short | --long] [--seed N] [--only kills|restarts|pairs|roles]
"""
import argparse
import os
import random
import sys
import threading
import time

import kills
import pairs
import product
import restarts
import roles

LIMIT_SECONDS = {"short": 300, "long": 1800}


def main():
    parser = argparse.ArgumentParser(prog="scripts/chaos")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--short", action="store_true", help="the default: under three minutes")
    length.add_argument("--long", action="store_true", help="500 tenants, 50 cycles: 15 minutes")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--only", choices=["kills", "restarts", "pairs", "roles"])
    chosen = parser.parse_args()
    size = "long" if chosen.long else "short"
    begin = time.monotonic()

    def too_late():
        print(f"  FAIL  not done within {LIMIT_SECONDS[size]} s\n0 passed, 1 failed", flush=True)
        product.clean_up()
        os._exit(1)

    watch = threading.Timer(LIMIT_SECONDS[size], too_late)
    watch.daemon = True
    watch.start()
    verdict = product.Verdict()
    long = size == "long"
    if chosen.only in (None, "kills"):
        kills.run(verdict, chosen.seed, tenants=500 if long else 40,
                  callers_count=20 if long else 8, kills=8 if long else 3,
                  seconds=300 if long else 60)
    if chosen.only in (None, "restarts"):
        restarts.run(verdict, tenants=200 if long else 40, callers_count=8,
                     modes=["fast", "immediate"] * (3 if long else 1),
                     seconds=120 if long else 60)
    if chosen.only in (None, "pairs"):
        pairs.run(verdict, chosen.seed, tenants=40 if long else 15, cycles=50 if long else 5,
                  pause_seconds=25, seconds=120 if long else 60)
    if chosen.only in (None, "roles"):
        roles.run(verdict, seconds=60)
    print(f"{time.monotonic() - begin:.0f} s, seed {chosen.seed}", flush=True)
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
