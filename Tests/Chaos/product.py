"""The product as a process: start it, call it, stop it, kill it. Standard library only.

Everything listens on loopback; only processes started here are signalled, and all of them are
gone when the interpreter ends.
"""
import atexit
import base64
import glob
import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STARTED = []
FOLDERS = []


def clean_up():
    """Ends every process and removes every folder that this run made."""
    for process in reversed(STARTED):
        process.end()
    STARTED.clear()
    for folder in FOLDERS:
        end_embedded(folder)
        shutil.rmtree(folder, ignore_errors=True)
    FOLDERS.clear()


atexit.register(clean_up)
signal.signal(signal.SIGTERM, lambda *_: exit(143))


def folder(name):
    """A folder of this run's own that another user may enter, as PostgreSQL must."""
    path = tempfile.mkdtemp(prefix=f"slipway-{name}-")
    os.chmod(path, 0o755)
    FOLDERS.append(path)
    return path


def end_embedded(path):
    """Ends the PostgreSQL that a killed server left behind under the folder."""
    for pid_file in glob.glob(path + "/**/postmaster.pid", recursive=True):
        try:
            with open(pid_file) as file:
                os.kill(int(file.readline()), signal.SIGQUIT)
        except (OSError, ValueError):
            continue
        for _ in range(50):
            if not os.path.exists(pid_file):
                break
            time.sleep(0.1)


def free_port():
    """A port on which nobody listens at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def binary(configuration="debug"):
    """The built program."""
    return os.environ.get("SLIPWAY_BINARY") or f"{TOP}/.build/{configuration}/slipway"


class Unreachable(Exception):
    """The server did not answer: refused, cut off, or too late."""


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def job(self):
        location = self.headers.get("location", "")
        return location.rsplit("/", 1)[1] if "/v1/jobs/" in location else None


class Server:
    """One `slipway serve`."""

    def __init__(self, data, port=None, database=None, flags=(), program=None):
        self.data = data
        self.port = port or free_port()
        self.database = database
        self.flags = list(flags)
        self.program = program or binary()
        self.process = None
        self.log = os.path.join(data, f"server-{self.port}.log")
        STARTED.append(self)

    def start(self):
        os.makedirs(self.data, exist_ok=True)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SLIPWAY_")}
        environment.pop("DATABASE_URL", None)
        if self.database:
            environment["DATABASE_URL"] = self.database
        command = [self.program, "serve", "--listen", f"127.0.0.1:{self.port}",
                   "--data-dir", self.data, "--requests-per-second", "0", *self.flags]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                cwd=self.data)
        return self

    def wait_ready(self, seconds=60):
        """Seconds until /readyz says yes."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended with {self.process.returncode}:\n{self.tail()}")
            try:
                if self.call("GET", "/readyz", token=None, timeout=5).status == 200:
                    took = time.monotonic() - begin
                    if "--role" not in self.flags:
                        self.wait_blueprint(seconds)
                    return took
            except Unreachable:
                pass
            time.sleep(0.02)
        raise SystemExit(f"not ready within {seconds} s:\n{self.tail()}")

    def wait_blueprint(self, seconds):
        """A first start registers the example blueprint, and a job reads its versions."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            try:
                answer = self.call("GET", "/v1/blueprints/platform", timeout=10)
                if answer.status == 200 and answer.json["status"]["phase"] == "ready":
                    return
            except Unreachable:
                pass
            time.sleep(0.05)

    def tail(self, lines=30):
        with open(self.log, errors="replace") as log:
            return "".join(log.readlines()[-lines:])

    @property
    def token(self):
        with open(os.path.join(self.data, "admin-token")) as file:
            return file.read().strip()

    def call(self, method, path, body=None, token="", timeout=30, connection=None, **headers):
        """One request; raises `Unreachable` where no whole answer came."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            fields["Authorization"] = "Bearer " + (token or self.token)
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            fields.setdefault("Content-Type", "application/json")
        link = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            link.request(method, path, data, fields)
            answer = link.getresponse()
            text = answer.read()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, text)
        except (OSError, http.client.HTTPException) as error:
            link.close()
            raise Unreachable(repr(error)) from error
        finally:
            if connection is None:
                link.close()

    def clone(self, owner, repository, into):
        """`git clone` with the admin token; true when it worked."""
        secret = base64.b64encode(f"token:{self.token}".encode()).decode()
        command = ["git", "-c", f"http.extraHeader=Authorization: Basic {secret}", "clone", "-q",
                   f"http://127.0.0.1:{self.port}/git/{owner}/{repository}.git", into]
        environment = dict(os.environ, GIT_TERMINAL_PROMPT="0")
        return subprocess.run(command, env=environment, timeout=120,
                              stdin=subprocess.DEVNULL).returncode == 0

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        """`kill -9`, and nothing is tidied up."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self, seconds=60):
        """SIGTERM; the exit code, or None where it had to be killed."""
        if not self.process or self.process.poll() is not None:
            return self.process and self.process.returncode
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def end(self):
        self.stop(20)


class Postgres:
    """A private PostgreSQL for runs that restart it or share it."""

    def __init__(self, path=None, settings=()):
        self.folder = path or folder("postgres")
        self.data = os.path.join(self.folder, "data")
        self.port = free_port()
        self.settings = list(settings)
        self.programs = self.find_programs()
        self.owner = []
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.owner = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                          "--clear-groups"]
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "slipway", "-E", "UTF8",
                 "--locale=C.UTF-8")
        STARTED.append(self)

    @staticmethod
    def find_programs():
        folders = glob.glob("/usr/lib/postgresql/*/bin")
        folders.sort(key=lambda path: int(path.split("/")[-2]))
        if folders:
            return folders[-1]
        return os.path.dirname(shutil.which("postgres") or "postgres")

    @property
    def url(self):
        return f"postgresql://slipway@127.0.0.1:{self.port}/postgres"

    def run(self, program, *arguments, check=True, **more):
        command = [*self.owner, os.path.join(self.programs, program), *arguments]
        return subprocess.run(command, check=check, cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, **more)

    def control(self, *words):
        options = ["-p", str(self.port), "-k", self.folder, "-c", "listen_addresses=127.0.0.1",
                   "-c", "max_connections=200"]
        for setting in self.settings:
            options += ["-c", setting]
        self.run("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.folder, "log"),
                 "-o", " ".join(options), *words)

    def start(self):
        self.control("start")
        return self

    def restart(self, mode):
        self.control("-m", mode, "restart")

    def stop(self, mode="fast"):
        self.control("-m", mode, "stop")

    def query(self, sql, database="postgres"):
        """The rows, as text."""
        # Not Debian's wrapper in Perl on the PATH: it costs more than the query.
        program = os.path.join(self.programs, "psql")
        command = [program, "-XAtq", "-h", "127.0.0.1", "-p", str(self.port), "-U", "slipway",
                   "-d", database, "-c", sql]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.strip().splitlines()

    def pids(self):
        """The postmaster and its backends."""
        with open(os.path.join(self.data, "postmaster.pid")) as file:
            parent = int(file.readline())
        found = [parent]
        for entry in os.listdir("/proc"):
            if entry.isdigit() and parent_of(int(entry)) == parent:
                found.append(int(entry))
        return found

    def end(self):
        if os.path.exists(os.path.join(self.data, "postmaster.pid")):
            self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop", check=False)


def parent_of(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rsplit(")", 1)[1].split()[1])
    except OSError:
        return None


class Verdict:
    """Counts what held and what did not; the last line says so."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, sentence, holds, detail=""):
        if holds:
            self.passed += 1
            print(f"  ok    {sentence}", flush=True)
        else:
            self.failed += 1
            print(f"  FAIL  {sentence}{': ' if detail else ''}{detail}", flush=True)
        return holds

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 0 if self.failed == 0 else 1
