"""What the server takes while it does nothing, and how soon it is ready."""
import resource
import socket
import time

import measure


def ready(table, server):
    """From start to /readyz, on a database that is there."""
    server.stop()
    server.start()
    table.limit("ready on an existing database", server.wait_ready(), "s", 0.5)


def idle(table, server, count):
    """Resident memory: at rest, and with idle connections."""
    time.sleep(2)
    table.limit("idle server, resident", measure.resident_megabytes(server.process.pid), "MB", 40)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    connections = []
    for number in range(min(count, hard - 200)):
        link = socket.socket()
        link.bind((f"127.0.0.{2 + number % 8}", 0))
        link.connect(("127.0.0.1", server.port))
        connections.append(link)
    time.sleep(2)
    table.limit(f"{len(connections):,} idle connections, resident",
                measure.resident_megabytes(server.process.pid), "MB", 150)
    begin = time.perf_counter()
    answer = server.call("GET", "/livez", token=None)
    took = time.perf_counter() - begin
    table.limit("an answer beside them", 1e3 * took if answer.status == 200 else 1e9, "ms", 50)
    for link in connections:
        link.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
