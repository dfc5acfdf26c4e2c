"""PostgreSQL restarted under load."""
import threading
import time

import callers
import product


class Readers:
    """Threads that read all the time and note every answer that is neither right nor a 503."""

    def __init__(self, server, count):
        self.server = server
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.right = 0
        self.refused = 0
        self.wrong = []
        self.last_right = time.monotonic()
        self.threads = [threading.Thread(target=self.read, daemon=True) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def read(self):
        while not self.stopping.is_set():
            try:
                answer = self.server.call("GET", "/v1/blueprints/platform", timeout=20)
            except product.Unreachable as error:
                self.note(f"no answer: {error}")
                time.sleep(0.1)
                continue
            if answer.status == 200 and answer.json["name"] == "platform":
                with self.lock:
                    self.right += 1
                    self.last_right = time.monotonic()
            elif answer.status == 503 and "retry-after" in answer.headers:
                with self.lock:
                    self.refused += 1
                time.sleep(0.05)
            else:
                self.note(f"{answer.status} {answer.body[:200]!r}")

    def note(self, sentence):
        with self.lock:
            self.wrong.append(sentence)

    def recovery(self, since, seconds):
        """Seconds from `since` to the next right answer; None if there is none in time."""
        while time.monotonic() - since < seconds:
            with self.lock:
                if self.last_right > since:
                    return self.last_right - since
            time.sleep(0.02)
        return None

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)


def run(verdict, tenants, callers_count, modes, seconds):
    """Reads and creates go on while PostgreSQL is restarted in each of the modes."""
    print(f"PostgreSQL restarted under load: {', '.join(modes)}", flush=True)
    database = product.Postgres().start()
    server = product.Server(product.folder("restarts"), database=database.url).start()
    server.wait_ready()
    names = [f"unit-{number:04}" for number in range(tenants)]
    journal = callers.Journal()
    readers = Readers(server, 4)
    wait = callers.create_all([server], names, callers_count, journal, seconds)
    for number, mode in enumerate(modes):
        share = tenants * (number + 1) / (len(modes) + 1)
        while len(journal.acknowledged) < share and not wait.done():
            time.sleep(0.02)
        database.restart(mode)
        took = readers.recovery(time.monotonic(), 15)
        verdict.check(f"reads work again by themselves after a restart ({mode})",
                      took is not None, "15 s passed")
        if took is not None:
            print(f"  … {took:.2f} s after PostgreSQL was back", flush=True)
    wait()
    readers.stop()
    print(f"  … {readers.right} right answers, {readers.refused} refused with 503", flush=True)
    verdict.check("every read was right or a 503 with Retry-After", not readers.wrong,
                  "; ".join(readers.wrong[:5]))
    callers.check_result(verdict, server, names, journal, seconds)
    verdict.check("the server lived through it and stops when told to", server.stop() == 0)
    database.stop()
