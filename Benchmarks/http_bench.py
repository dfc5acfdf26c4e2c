"""A fixed JSON answer: Slipway beside nginx and Hummingbird, the same bytes from each.

All three write one line a request into a file, Slipway and nginx through a buffer.
"""
import os
import socket
import subprocess
import time

import measure
import product

CONNECTIONS = 64
PATH = "/v1"


class Peer:
    """A peer's process on a port of its own."""

    def __init__(self, command, port, folder, **more):
        self.port = port
        with open(os.path.join(folder, "out.log"), "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, **more)
        product.STARTED.append(self)
        self.wait()

    def wait(self):

        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("a peer did not start")

    @property
    def pids(self):
        return measure.tree(self.process.pid)

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


NGINX = """
daemon off;
user {user};
worker_processes auto;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log {log};
    keepalive_requests 1000000000;
    server {{
        listen 127.0.0.1:{port} reuseport backlog=4096;
        location / {{ default_type application/json; return 200 '{body}'; }}
    }}
}}
"""


def nginx(body, log):
    folder = product.folder("nginx")
    port = product.free_port()
    path = os.path.join(folder, "nginx.conf")
    user = "root" if os.getuid() == 0 else "nobody"
    target = f"{folder}/access.log combined buffer=64k flush=1s" if log else "off"
    with open(path, "w") as file:
        file.write(NGINX.format(folder=folder, port=port, body=body, user=user, log=target))
    return Peer(["nginx", "-c", path, "-p", folder], port, folder, stderr=subprocess.DEVNULL)


def hummingbird(body, *more):
    port = product.free_port()
    program = os.path.join(measure.TOP, ".build-benchmarks", "release", "HummingbirdPeer")
    command = [program, str(port), PATH, body, *more]
    return Peer(command, port, product.folder("hummingbird"))


def run(table, server, seconds, count):
    answer = server.call("GET", PATH, token=None)
    body = answer.body.decode()
    print(f"fixed answer, {len(body)} bytes, {CONNECTIONS} connections", flush=True)
    peers = {"hummingbird": hummingbird(body), "nginx": nginx(body, log=True),
             "hummingbird, bare": hummingbird(body, "bare"),
             "nginx, no log": nginx(body, log=False)}

    def load(port, pids):
        return lambda: measure.wrk(f"http://127.0.0.1:{port}{PATH}", seconds, CONNECTIONS, pids)

    contestants = {"slipway": load(server.port, measure.tree(server.process.pid))}
    for name, peer in peers.items():
        contestants[name] = load(peer.port, peer.pids)
    found = measure.rounds(contestants, count)
    ours = found["slipway"]
    for name, bar in (("hummingbird", 4), ("nginx", 0.95)):
        table.compare("fixed JSON, requests", ours, name, found[name], bar)
    # Beside what the bars are about: what their logs and counts cost the peers.
    for name in ("hummingbird, bare", "nginx, no log"):
        print(f"{name}: {measure.show(found[name])}", flush=True)
    for peer in peers.values():
        peer.end()
