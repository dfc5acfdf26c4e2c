"""Calls that read and write PostgreSQL, beside pgbench on the same server."""
import http.client
import os
import statistics
import subprocess
import time

import capture
import measure
import product

CLIENTS = 64


def prepare(server, database):
    """A database for pgbench, and one tenant to read and to copy."""
    database.query("CREATE DATABASE bench")
    database.run("pgbench", "-h", "127.0.0.1", "-p", str(database.port), "-U", "slipway",
                 "-i", "-q", "-s", "10", "bench", stderr=subprocess.DEVNULL)
    answer = server.call("POST", "/v1/tenants", wish("acme"), timeout=90, Prefer="wait=60")
    if answer.status not in (200, 201, 202):
        raise SystemExit(f"no tenant to read: {answer.status} {answer.body!r}")
    database.query("VACUUM ANALYZE")


def wish(name):
    return {"name": name, "spec": {"blueprint": "platform"}}


def everyone(server, database):
    """The server and every process of PostgreSQL, whose work is the call's too."""
    return [*measure.tree(server.process.pid), *database.pids()]


def read_one(table, server, database, seconds, count):
    print(f"GET one tenant, {CLIENTS} clients", flush=True)
    header = [f"Authorization: Bearer {server.token}"]
    found = measure.rounds({
        "slipway": lambda: measure.wrk(
            f"http://127.0.0.1:{server.port}/v1/tenants/acme", seconds, CLIENTS,
            everyone(server, database), headers=header),
        "pgbench -S": lambda: measure.pgbench(database, seconds, CLIENTS, ["-S", "bench"]),
    }, count)
    table.compare("GET /v1/tenants/{t}, requests", found["slipway"], "pgbench -S",
                  found["pgbench -S"], 0.6)


COPIES = """
DO $$
DECLARE columns text; chosen text;
BEGIN
    SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position),
           string_agg(CASE column_name
               WHEN 'id' THEN 'gen_random_uuid()'
               WHEN 'name' THEN '''copy-'' || to_char(n, ''FM000000'')'
               WHEN 'created_at' THEN 'created_at + n * interval ''1 microsecond'''
               ELSE quote_ident(column_name) END, ', ' ORDER BY ordinal_position)
      INTO columns, chosen
      FROM information_schema.columns WHERE table_name = 'tenant' AND table_schema = 'public';
    EXECUTE format('INSERT INTO tenant (%s) SELECT %s FROM tenant, generate_series(%s, %s) n
                     WHERE name = ''acme''', columns, chosen, FROM_N, TO_N);
END $$
"""


def copies(database, first, last, name="postgres"):
    text = COPIES.replace("FROM_N", str(first)).replace("TO_N", str(last))
    database.query(text, name)
    database.query("VACUUM ANALYZE tenant", name)


def page_path(server):
    """The address of a page of 50 out of the middle of the list."""
    path = "/v1/tenants?limit=50"
    for _ in range(5):
        answer = server.call("GET", path)
        path = f"/v1/tenants?limit=50&cursor={answer.json['next']}"
    return path


def list_flat(table, server, database, repeats):
    """50 tenants out of 100,000 beside 50 out of 1,000: the same moment, the same machine, two
    databases of one PostgreSQL, call by call in turn."""
    print("list of 50 tenants", flush=True)
    database.query("CREATE DATABASE small")
    few = product.Server(product.folder("small"), program=server.program,
                         database=database.url.replace("/postgres", "/small"))
    few.start().wait_ready()
    few.call("POST", "/v1/tenants", wish("acme"), timeout=90, Prefer="wait=60")
    copies(database, 1, 1_000, "small")
    copies(database, 1, 100_000)
    sides = []
    for side in (few, server):
        link = http.client.HTTPConnection("127.0.0.1", side.port, timeout=30)
        sides.append((side, page_path(side), link, []))
    for _ in range(repeats):
        for side, path, link, times in sides:
            begin = time.perf_counter()
            answer = side.call("GET", path, connection=link)
            times.append(time.perf_counter() - begin)
            if answer.status != 200 or len(answer.json["items"]) != 50:
                raise SystemExit(f"not a page of 50: {answer.status}")
    small, large = (statistics.median(times) for _, _, _, times in sides)
    few.stop()
    table.row("list of 50, out of 100,000 beside 1,000", f"{1e3 * large:.2f} ms",
              f"{1e3 * small:.2f} ms", large / small, 1.2, at_most=True)


CREATE = """
local thread = 0
function setup(t) t:set("number", thread) thread = thread + 1 end
function init(arguments) made = 0 end
function request()
    made = made + 1
    local name = "NAME-" .. number .. "-" .. made
    wrk.headers["Idempotency-Key"] = name
    return wrk.format("POST", "/v1/tenants", nil,
        '{"name":"' .. name .. '","spec":{"blueprint":"platform"}}')
end
"""


def create(table, server, database, seconds, count):
    """Row, job, event, audit entry and receipt in one commit, beside the same SQL in pgbench."""
    print(f"create a tenant, {CLIENTS} clients", flush=True)
    sql = capture.create_statement(server, database, wish)
    folder = product.folder("create")
    script = os.path.join(folder, "create.sql")
    with open(script, "w") as file:
        file.write(sql)
    state = {"round": 0}

    def ours():
        state["round"] += 1
        lua = os.path.join(folder, f"create-{state['round']}.lua")
        with open(lua, "w") as file:
            file.write(CREATE.replace("NAME", f"made-{state['round']}"))
        return measure.wrk(
            f"http://127.0.0.1:{server.port}", seconds, CLIENTS, everyone(server, database),
            script=lua, headers=[f"Authorization: Bearer {server.token}",
                                 "Content-Type: application/json"])

    def theirs():
        state["round"] += 1
        return measure.pgbench(database, seconds, CLIENTS, [
            "-f", script, "-D", "i=0", "-D", f"round={state['round']}", "postgres"])

    found = measure.rounds({"slipway": ours, "pgbench": theirs}, count)
    table.compare("create tenant, requests", found["slipway"], "pgbench, same SQL",
                  found["pgbench"], 0.7)
