"""Runs the commands of the README's tour, one by one, and compares what they print with the page.

A block after `<!-- run -->` is run by bash; the block after `<!-- shows -->` is what it prints,
where `…` stands for anything.
"""
import os
import pty
import re
import subprocess
import sys

import product


def steps(text):
    """(line, commands, expected) of every marked block."""
    pattern = re.compile(
        r"<!-- run -->\n```bash\n(.*?)```\n(?:<!-- shows -->\n```\w*\n(.*?)```\n)?", re.S)
    for match in pattern.finditer(text):
        line = text.count("\n", 0, match.start()) + 3
        yield line, match.group(1), match.group(2)


def matches(expected, printed):
    """Whether the text fits; lines of `…` alone stand for any number of lines."""
    parts = [re.escape(part) for part in expected.strip().split("…")]
    return re.fullmatch(".*?".join(parts), printed.strip(), re.S) is not None


def check_metrics(verdict, server):
    """The operator's page lists what is served, no more and no less."""
    served = set(re.findall(r"^# HELP (\S+)", server.call("GET", "/metrics").body.decode(), re.M))
    with open(os.path.join(product.TOP, "docs", "operations.md")) as file:
        listed = set(re.findall(r"^\| `(\w+)` \| (?:counter|gauge|histogram) ", file.read(), re.M))
    verdict.check("docs/operations.md lists every metric", served == listed,
                  f"only served: {served - listed}; only listed: {listed - served}")


def main():
    page = os.path.join(product.TOP, "README.md")
    with open(page) as file:
        text = file.read()
    work = product.folder("tour")
    server = product.Server(os.path.join(work, "var")).start()
    server.wait_ready()
    verdict = product.Verdict()
    terminal = pty.openpty()[1]  # HTTPie reads its body from anything that is no terminal
    remembered = ""
    # On a terminal HTTPie lays its output out by itself, here it has to be told.
    with open(os.path.join(work, "config.json"), "w") as file:
        file.write('{"default_options": ["--pretty=format"]}')
    environment = dict(os.environ, HTTPIE_CONFIG_DIR=work, GIT_TERMINAL_PROMPT="0")
    for line, commands, expected in steps(text):
        commands = commands.replace("127.0.0.1:8080", f"127.0.0.1:{server.port}")
        done = subprocess.run(
            ["bash", "-ec", remembered + commands], cwd=work, stdin=terminal,
            capture_output=True, text=True, timeout=120, env=environment)
        remembered += "".join(re.findall(r"^[A-Z]+=.*\n", commands, re.M))
        verdict.check(f"README.md:{line} succeeds", done.returncode == 0, done.stderr)
        if expected is not None:
            verdict.check(f"README.md:{line} prints what the page says",
                          matches(expected, done.stdout), done.stdout)
    check_metrics(verdict, server)
    verdict.check("the page has a tour", verdict.passed > 10)
    return verdict.close()


if __name__ == "__main__":
    sys.exit(main())
