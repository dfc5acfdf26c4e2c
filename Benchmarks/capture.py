"""Takes the statement that creates a tenant from PostgreSQL's own log and makes it a script for
pgbench: the same text, the same literals, and fresh ids and names for each run."""
import os
import re
import time

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAME = "captured-tenant"
KEY = "captured-key"


def create_statement(server, database, wish):
    """A script of one transaction; needs the variables `i` and `round`."""
    me = server.call("GET", "/v1/me").json["id"]
    blueprint = server.call("GET", "/v1/blueprints/platform").json["id"]
    text, values = logged(server, database, wish)
    types = column_types(database)
    for number, table, column in targets(text):
        # One that goes into several columns has the type of the first.
        if isinstance(values.get(number), str):
            values[number] = (values[number], types.get((table, column)))
    known = {me, blueprint}
    fresh = {}
    lock = re.search(r"pg_try_advisory_xact_lock\(\$(\d+)\)", text)
    result = text
    for number in sorted(values, reverse=True):
        value = values[number]
        value, kind = value if isinstance(value, tuple) else (value, None)
        if lock and number == int(lock.group(1)):
            literal = ":n"
        else:
            literal = spelled(value, kind, known, fresh)
        result = re.sub(rf"\${number}(?!\d)", lambda _: literal, result)
    head = ("\\set i :i + 1\n"
            "\\set n (:round * 1000 + :client_id) * 10000000 + :i\n")
    return head + result.rstrip().rstrip(";") + ";\n"


def spelled(value, kind, known, fresh):
    cast = f"::{kind}" if kind else ""
    if value is None:
        return f"NULL{cast}"
    if value == NAME:
        return "('bench-' || :n)"
    if value == KEY:
        return "('key-' || :n)"
    if UUID.fullmatch(value) and value not in known:
        place = fresh.setdefault(value, len(fresh) + 1)
        return f"lpad(to_hex({place} * 1152921504606846976 / 16 + :n), 32, '0')::uuid"
    # pgbench takes every colon before a word for a variable, even between quotes.
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace(":", "\\072")
    return f"E'{escaped}'{cast}"


def logged(server, database, wish):
    """Creates one tenant with every statement logged; its text and its parameters."""
    path = os.path.join(database.folder, "log")
    database.query("ALTER SYSTEM SET log_min_duration_statement = 0")
    database.query("SELECT pg_reload_conf()")
    time.sleep(1)
    begin = os.path.getsize(path)
    answer = server.call("POST", "/v1/tenants", wish(NAME), Idempotency_Key=KEY)
    database.query("ALTER SYSTEM RESET log_min_duration_statement")
    database.query("SELECT pg_reload_conf()")
    time.sleep(1)
    if answer.status not in (200, 201, 202):
        raise SystemExit(f"no tenant to look at: {answer.status} {answer.body!r}")
    with open(path) as file:
        file.seek(begin)
        text = file.read()
    pattern = re.compile(
        r"LOG:  duration: [^\n]*?execute [^:]*: ((?:(?!LOG:  ).)*?)\n"
        r"[^\n]*?DETAIL:  parameters: ([^\n]*)",
        re.S)
    for statement, parameters in pattern.findall(text):
        if "INSERT INTO tenant" in statement and NAME in parameters:
            return statement.replace("\n\t", "\n"), dict(read(parameters))
    raise SystemExit("the statement that creates a tenant was not found in the log")


def read(parameters):
    """`$1 = 'a''b', $2 = NULL` as pairs."""
    for number, quoted in re.findall(r"\$(\d+) = (NULL|'(?:[^']|'')*')", parameters):
        yield int(number), None if quoted == "NULL" else quoted[1:-1].replace("''", "'")


def column_types(database):
    rows = database.query(
        "SELECT table_name, column_name, CASE data_type WHEN 'ARRAY' THEN substr(udt_name, 2)"
        " || '[]' ELSE udt_name END FROM information_schema.columns"
        " WHERE table_schema = 'public'")
    return {tuple(row.split("|")[:2]): row.split("|")[2] for row in rows}


def targets(text):
    """(parameter, table, column) of every plain parameter that an INSERT writes."""
    insert = re.compile(r"INSERT INTO (\w+)\s*\(([^)]*)\)\s*(?:SELECT|VALUES)\s+", re.I)
    for match in insert.finditer(text):
        columns = [column.strip() for column in match.group(2).split(",")]
        for column, expression in zip(columns, expressions(text[match.end():])):
            plain = re.fullmatch(r"\(?\s*\$(\d+)\s*\)?", expression.strip())
            if plain:
                yield int(plain.group(1)), match.group(1), column


def expressions(text):
    """The expressions of a list, split at the commas outside brackets."""
    depth = 0
    current = ""
    if text.startswith("("):
        text = text[1:]
    for character in text:
        if character == "(":
            depth += 1
        if character == ")":
            depth -= 1
        if depth < 0 or (depth == 0 and re.search(r"\s(FROM|WHERE|ON|RETURNING)\s$",
                                                  current + character)):
            break
        if character == "," and depth == 0:
            yield current
            current = ""
        else:
            current += character
    yield re.sub(r"\s(FROM|WHERE|ON|RETURNING)\s*$", "", current)
