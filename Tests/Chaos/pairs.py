"""Two processes on one database: killed, stopped, continued."""
import random
import signal
import time

import callers
import product

# A step that was completed may never be anything else again. The database itself keeps watch.
WATCH = """
CREATE TABLE IF NOT EXISTS chaos_rerun (job uuid, step text, before text, after text);
CREATE OR REPLACE FUNCTION chaos_watch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_rerun
    SELECT NEW.id, old_step->>'name', old_step::text, new_step::text
      FROM jsonb_array_elements(OLD.steps) old_step
      JOIN jsonb_array_elements(NEW.steps) new_step
        ON new_step->>'name' = old_step->>'name'
     WHERE old_step->>'state' = 'completed'
       AND (new_step->>'state' <> 'completed'
            OR new_step->>'attempts' IS DISTINCT FROM old_step->>'attempts');
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER chaos_watch BEFORE UPDATE OF steps ON job
    FOR EACH ROW EXECUTE FUNCTION chaos_watch();
"""


# The watch itself is shown to notice what it is there for.
TRIAL = """
BEGIN;
INSERT INTO job (id, kind, subject_kind, subject_name, steps) VALUES (gen_random_uuid(), 'none',
    'platform', 'trial', '[{"name": "a", "state": "completed", "attempts": 1}]');
UPDATE job SET steps = '[{"name": "a", "state": "pending", "attempts": 1}]'
 WHERE subject_name = 'trial';
SELECT count(*) FROM chaos_rerun;
ROLLBACK;
"""


class Pair:
    """Two servers with one database and one data folder."""

    def __init__(self):
        self.database = product.Postgres().start()
        data = product.folder("pair")
        self.servers = []
        for _ in range(2):
            server = product.Server(data, database=self.database.url).start()
            server.wait_ready()
            self.servers.append(server)
        self.database.query(WATCH)
        self.watch_works = self.database.query(TRIAL) == ["1"]

    def held(self):
        """Jobs that somebody works on."""
        return int(self.database.query("SELECT count(*) FROM job WHERE state = 'running'")[0])

    def unfinished(self):
        return int(self.database.query("SELECT count(*) FROM job")[0])

    def describe_unfinished(self):
        """What is left, as the database has it: state, attempts, steps with their messages."""
        rows = self.database.query("SELECT to_json(job) FROM job LIMIT 3")
        return f"{self.unfinished()} jobs are left: {' '.join(rows)}"

    def wait_finished(self, seconds):
        """Seconds until no job is left; None if some are."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            if self.unfinished() == 0:
                return time.monotonic() - begin
            time.sleep(0.05)
        return None

    def wait_held(self, seconds=10):
        begin = time.monotonic()
        while time.monotonic() - begin < seconds and self.held() == 0:
            time.sleep(0.005)

    def check_steps(self, verdict):
        again = self.database.query("SELECT job, step, before, after FROM chaos_rerun LIMIT 5")
        verdict.check("a step that is run again would be noticed", self.watch_works)
        verdict.check("no completed step was run again", not again, "; ".join(again))

    def stop(self):
        codes = [server.stop() for server in self.servers]
        self.database.stop()
        return codes


def run(verdict, seed, tenants, cycles, pause_seconds, seconds):
    pair = Pair()
    names = []
    journal = callers.Journal()
    takeover(verdict, pair, names, journal, tenants)
    zombie(verdict, pair, names, journal, tenants, pause_seconds)
    random_cycles(verdict, pair, names, journal, seed, cycles, seconds)
    server = pair.servers[0]
    callers.check_result(verdict, server, names, journal, seconds)
    verdict.check("no job is left over", pair.unfinished() == 0)
    pair.check_steps(verdict)
    verdict.check("both stop when they are told to", pair.stop() == [0, 0])


def submit(servers, names, journal, prefix, count):
    new = [f"{prefix}-{number:03}" for number in range(count)]
    names += new
    return callers.create_all(servers, new, 10, journal, 60)


def takeover(verdict, pair, names, journal, count):
    """One is killed in the middle of jobs; the other has them all within 15 s."""
    print("one of two killed in the middle of jobs", flush=True)
    victim, survivor = pair.servers
    wait = submit([survivor], names, journal, "take", count)
    pair.wait_held()
    victim.kill()
    begin = time.monotonic()
    wait()
    took = pair.wait_finished(60)
    total = time.monotonic() - begin
    verdict.check(f"the other finished everything, {total:.1f} s after the kill",
                  took is not None and total <= 15 + 0.2 * count)
    victim.start()
    victim.wait_ready()


def zombie(verdict, pair, names, journal, count, pause_seconds):
    """One is stopped past its lease and continued; what it still says is refused."""
    print(f"one of two stopped for {pause_seconds} s and continued", flush=True)
    sleeper, other = pair.servers
    wait = submit([other], names, journal, "nap", count)
    pair.wait_held()
    sleeper.signal(signal.SIGSTOP)
    begin = time.monotonic()
    wait()
    took = pair.wait_finished(pause_seconds)
    while time.monotonic() - begin < pause_seconds:
        time.sleep(0.1)
    sleeper.signal(signal.SIGCONT)
    verdict.check(f"the other finished its jobs while it slept ({took or 0:.1f} s)",
                  took is not None)
    try:
        answer = sleeper.call("GET", "/v1/me", timeout=10)
        verdict.check("the one that slept answers again", answer.status == 200)
    except product.Unreachable as error:
        verdict.check("the one that slept answers again", False, str(error))


def random_cycles(verdict, pair, names, journal, seed, cycles, seconds):
    """Kills of either or both at random moments while tenants are created."""
    print(f"{cycles} random kill cycles, seed {seed}", flush=True)
    chance = random.Random(seed)
    wait = submit(pair.servers, names, journal, "cycle", cycles * 4)
    last = time.monotonic()
    for number in range(cycles):
        time.sleep(chance.uniform(0.05, 1.0))
        if wait.done():
            wait = submit(pair.servers, names, journal, f"cycle{number}", 8)
        victims = chance.choice([[0], [1], [0, 1]])
        for victim in victims:
            pair.servers[victim].kill()
        time.sleep(chance.uniform(0, 0.5))
        for victim in victims:
            pair.servers[victim].start()
        for victim in victims:
            pair.servers[victim].wait_ready()
        if time.monotonic() - last > 10:
            last = time.monotonic()
            print(f"  … cycle {number + 1} of {cycles}", flush=True)
    wait()
    took = pair.wait_finished(seconds)
    verdict.check("nothing is stuck", took is not None, pair.describe_unfinished())
