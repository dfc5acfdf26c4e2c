"""Loads, CPU time from /proc, interleaved rounds, and the table that says what came out."""
import os
import re
import statistics
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "Tests", "Chaos"))

import product  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids):
    """User and system time of the processes, finished children of theirs included."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def tree(pid):
    """The process and all below it."""
    found = [pid]
    for entry in os.listdir("/proc"):
        if entry.isdigit() and product.parent_of(int(entry)) == pid:
            found += tree(int(entry))
    return found


def resident_megabytes(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1)) / 1024


class Sample:
    """One round of one contestant: how many a second, and what each cost."""

    def __init__(self, rate, cpu, note=""):
        self.rate = rate
        self.cpu = cpu
        self.note = note


def wrk(url, seconds, connections, pids, script=None, headers=()):
    """One run of wrk; errors of any kind end the benchmark, a wrong answer is no answer."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
    for header in headers:
        command += ["-H", header]
    if script:
        command += ["-s", script]
    before = cpu_seconds(pids)
    done = subprocess.run([*command, url], capture_output=True, text=True, timeout=seconds + 60)
    used = cpu_seconds(pids) - before
    text = done.stdout
    requests = re.search(r"(\d+) requests in", text)
    if done.returncode != 0 or not requests:
        raise SystemExit(f"wrk failed on {url}:\n{text}{done.stderr}")
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: .*", text)
    if bad or errors:
        raise SystemExit(f"wrong answers from {url}:\n{text}")
    count = int(requests.group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    return Sample(rate, used / max(count, 1))


def pgbench(database, seconds, clients, arguments, pids=None):
    """One run of pgbench against the private PostgreSQL."""
    command = [os.path.join(database.programs, "pgbench"), "-h", "127.0.0.1", "-p",
               str(database.port), "-U", "slipway", "-n", "-M", "prepared", "-c", str(clients),
               "-j", "2", "-T", str(seconds), *arguments]
    backends = pids or database.pids
    before = set(backends())
    start = cpu_seconds(before)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, err = process.communicate(timeout=seconds + 60)
    rate = re.search(r"tps = ([\d.]+)", out)
    if process.returncode != 0 or not rate:
        raise SystemExit(f"pgbench failed:\n{out}{err}")
    # The backends of the run are gone: their time stands with the postmaster, once it has waited
    # for them.
    time.sleep(0.5)
    used = cpu_seconds(before) - start
    return Sample(float(rate.group(1)), used / (float(rate.group(1)) * seconds))


def rounds(contestants, count):
    """Each contestant once a round, in turn; the median of each by rate."""
    samples = {name: [] for name in contestants}
    for number in range(count):
        for name, run in contestants.items():
            sample = run()
            samples[name].append(sample)
            print(f"  … round {number + 1}/{count} {name}: {sample.rate:,.0f}/s", flush=True)
    return {name: median(found) for name, found in samples.items()}


def median(samples):
    rate = statistics.median(sample.rate for sample in samples)
    cpu = statistics.median(sample.cpu for sample in samples)
    spread = (max(s.rate for s in samples) - min(s.rate for s in samples)) / rate
    return Sample(rate, cpu, f"±{50 * spread:.0f}%")


class Table:
    """The bars of the project and where each measurement stands."""

    def __init__(self):
        self.rows = []
        self.missed = 0

    def row(self, what, ours, theirs, ratio, bar, at_most=False):
        holds = ratio <= bar if at_most else ratio >= bar
        self.missed += not holds
        sign = "≤" if at_most else "≥"
        line = (f"{what:<44} {ours:>22} {theirs:>44} {ratio:>8.2f} {sign} {bar:<6g}"
                f" {'ok' if holds else 'MISSED'}")
        self.rows.append(line)
        print(line, flush=True)

    def compare(self, what, ours, peer, theirs, bar):
        """Two samples; the ratio is of the rates, that of CPU time stands beside the peer."""
        spared = f" (CPU {theirs.cpu / ours.cpu:.2f})" if ours.cpu else ""
        self.row(what, show(ours), f"{peer} {show(theirs)}{spared}", ours.rate / theirs.rate, bar)

    def limit(self, what, value, unit, bar):
        """A figure of ours that has a limit, shown as a share of it."""
        self.row(what, f"{value:.2f} {unit}", f"limit {bar:g} {unit}", value / bar, 1, True)

    def close(self):
        print("\n" + "\n".join(self.rows))
        print(f"\n{len(self.rows) - self.missed} passed, {self.missed} failed")


def show(sample):
    return f"{sample.rate:,.0f}/s {1e6 * sample.cpu:,.1f} µs"
