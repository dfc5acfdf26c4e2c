"""Webhooks with the program and a receiver as processes: signatures, kill -9, a burst, replay.

Standard library only. `python3 Tests/Chaos/webhooks.py`
"""
import base64
import hashlib
import hmac
import http.server
import json
import threading
import time

from product import Server, Verdict, folder

# How long what is told may take to arrive, also after a lease of a killed server has lapsed.
ARRIVES_S = 60
BURST = 300


class Receiver(http.server.ThreadingHTTPServer):
    """What webhooks are sent to: remembers everything, answers and hangs as it is told to."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Reception)
        self.received = []
        self.status = 204
        self.may_answer = threading.Event()
        self.may_answer.set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook"

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _ in self.received]


class Reception(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append(
            ({name.lower(): value for name, value in self.headers.items()}, body))
        self.server.may_answer.wait(30)
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def is_signed(message, secret):
    """Whether a message is signed with the secret, as the specification has it."""
    headers, body = message
    key = base64.b64decode(secret.removeprefix("whsec_"))
    sent = headers["webhook-timestamp"]
    text = f"{headers['webhook-id']}.{sent}.".encode() + body
    own = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    offered = headers["webhook-signature"].split()
    return abs(time.time() - int(sent)) < 300 and any(
        hmac.compare_digest(own, one) for one in offered)


class Run:
    def __init__(self):
        self.verdict = Verdict()
        self.receiver = Receiver()
        self.server = Server(folder("webhooks"), flags=["--webhook-addresses", "any"]).start()
        self.server.wait_ready()

    def until(self, sentence, holds):
        begin = time.monotonic()
        while time.monotonic() - begin < ARRIVES_S:
            if holds():
                return self.verdict.check(sentence, True)
            time.sleep(0.02)
        return self.verdict.check(sentence, False, f"not within {ARRIVES_S} s")

    def tell(self, name):
        """Makes something happen that is told."""
        body = {"name": name, "spec": {"role": "platform-viewer"}}
        assert self.server.call("POST", "/v1/tokens", body).status == 201

    def arrives(self, sentence, count):
        return self.until(sentence, lambda: len(self.receiver.received) >= count)

    def begin(self):
        spec = {"url": self.receiver.url, "events": ["dev.slipway.token.*"]}
        made = self.server.call("POST", "/v1/webhooks", {"name": "all", "spec": spec}).json
        self.secret, self.path = made["secret"], "/v1/webhooks/" + made["id"]
        ping = self.server.call("POST", self.path + ":ping", Prefer="wait=20").json
        self.verdict.check("a ping arrives, and says so", ping["state"] == "delivered")
        self.tell("first")
        self.arrives("an event arrives", 2)
        self.verdict.check("signed", is_signed(self.receiver.received[-1], self.secret))

    def rotate(self):
        fresh = self.server.call("POST", self.path + ":rotate-secret").json["secret"]
        self.tell("rotated")
        self.arrives("after a rotation too", 3)
        last = self.receiver.received[-1]
        self.verdict.check("signed with both secrets",
                           is_signed(last, self.secret) and is_signed(last, fresh))
        self.secret = fresh

    def kill(self):
        """The server dies with a message under way."""
        self.receiver.may_answer.clear()
        self.tell("killed")
        self.arrives("a message is under way", 4)
        lost = self.receiver.ids[-1]
        self.server.kill()
        self.receiver.may_answer.set()
        self.server.start().wait_ready()
        self.arrives("after kill -9 it comes again", 5)
        self.verdict.check("with the same id", self.receiver.ids[-1] == lost)
        delivery = f"{self.path}/deliveries/{lost}"
        self.until("and counts as delivered",
                   lambda: self.server.call("GET", delivery).json["state"] == "delivered")

    def burst(self):
        before = len(self.receiver.received)
        for number in range(BURST):
            self.tell(f"burst-{number}")
        self.arrives(f"{BURST} events arrive", before + BURST)
        told = [json.loads(body)["sequence"] for _, body in self.receiver.received[before:]]
        order = [int(one) for one in told]
        self.verdict.check("each once and in order",
                           order == sorted(set(order)) and len(order) == BURST)

    def give_up(self):
        self.receiver.status = 410
        self.tell("unwanted")
        phase = lambda: self.server.call("GET", self.path).json["status"]["phase"]
        self.until("410 disables it", lambda: phase() == "disabled")
        lost = self.receiver.ids[-1]
        since = {"since": "2026-01-01T00:00:00Z"}
        refused = self.server.call("POST", self.path + ":replay", since)
        self.verdict.check("one that is disabled replays nothing", refused.status == 409,
                           str(refused.status))
        self.receiver.status = 204
        before = len(self.receiver.received)
        self.server.call("PATCH", self.path, {"spec": {"enabled": True}},
                         Content_Type="application/merge-patch+json")
        self.server.call("POST", self.path + ":replay", since)
        self.until("what was missed comes by a replay",
                   lambda: lost in self.receiver.ids[before:])
        again = set(self.receiver.ids[before:]) & set(self.receiver.ids[:before - 1])
        self.verdict.check("and nothing that came through before", not again, str(again))

    def end(self):
        deleted = self.server.call("DELETE", self.path)
        self.verdict.check("a webhook can be deleted", deleted.status == 204, str(deleted.status))
        with open(self.server.log) as log:
            text = log.read()
        self.verdict.check("the log has no secret and no error",
                           self.secret not in text and '"level":"error"' not in text)
        return self.verdict.close()


if __name__ == "__main__":
    run = Run()
    for part in (run.begin, run.rotate, run.kill, run.burst, run.give_up):
        part()
    raise SystemExit(run.end())
