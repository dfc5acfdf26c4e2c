"""One process that answers and one that works, on one database; and what cannot be started."""
import os
import subprocess
import time

import product


def run(verdict, seconds):
    print("--role api and --role worker share the work", flush=True)
    database = product.Postgres().start()
    data = product.folder("roles")
    api = product.Server(data, database=database.url, flags=["--role", "api"]).start()
    api.wait_ready()
    worker = product.Server(data, database=database.url, flags=["--role", "worker"]).start()
    worker.wait_ready()
    metrics = worker.call("GET", "/metrics", token=None)
    verdict.check("the worker shows its figures",
                  metrics.status == 200 and b"slipway_job_claims_total" in metrics.body)
    refused = worker.call("GET", "/v1/tenants")
    verdict.check("and answers no calls", refused.status == 404, str(refused.status))
    api.wait_blueprint(seconds)
    api.call("POST", "/v1/tenants", {"name": "acme"})
    verdict.check("what one takes on, the other does", becomes_ready(api, "acme", seconds))
    taken(verdict, worker, database)
    verdict.check("both stop when they are told to", [worker.stop(), api.stop()] == [0, 0])
    database.stop()


def becomes_ready(server, name, seconds):
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        if server.call("GET", f"/v1/tenants/{name}").json["status"]["phase"] == "ready":
            return True
        time.sleep(0.05)
    return False


def taken(verdict, server, database):
    """A port that is taken is told before anything is made."""
    data = os.path.join(product.folder("taken"), "data")
    done = subprocess.run(
        [product.binary(), "serve", "--listen", f"127.0.0.1:{server.port}", "--data-dir", data],
        env=dict(os.environ, DATABASE_URL=database.url), capture_output=True, text=True,
        timeout=60, stdin=subprocess.DEVNULL)
    verdict.check("a taken port ends the start in one sentence, with nothing made",
                  done.returncode == 1 and "cannot listen on 127.0.0.1" in done.stderr
                  and done.stderr.count("\n") == 1 and not done.stdout
                  and not os.path.exists(data), done.stderr + done.stdout)
