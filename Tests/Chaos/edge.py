"""A TLS proxy in front of an API server that fails on demand. Standard library and `openssl`."""
import http.client
import http.server
import json
import os
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse

HOP = {"connection", "transfer-encoding", "keep-alive", "te", "upgrade", "content-length"}


class Authority:
    """A certificate authority and a certificate of 127.0.0.1, made anew."""

    def __init__(self, folder, name):
        self.path = os.path.join(folder, name)
        key, request = self.path + ".key", self.path + ".csr"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self.openssl("req", "-x509", *curve, "-days", "2", "-subj", f"/CN={name}",
                     "-keyout", self.path + ".ca.key", "-out", self.path + ".ca.crt")
        self.openssl("req", *curve, "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", request)
        with open(self.path + ".ext", "w") as file:
            file.write("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
        self.openssl("x509", "-req", "-in", request, "-CA", self.path + ".ca.crt",
                     "-CAkey", self.path + ".ca.key", "-CAcreateserial", "-days", "2",
                     "-out", self.path + ".crt", "-extfile", self.path + ".ext")

    @staticmethod
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True)

    @property
    def text(self):
        with open(self.path + ".ca.crt") as file:
            return file.read()

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path + ".crt", self.path + ".key")
        return context


class Upstream:
    """An API server: its address, and how to log in there."""

    def __init__(self, url, token=None, context=None):
        self.url = urllib.parse.urlsplit(url)
        self.token = token
        self.context = context

    def link(self, timeout=60):
        place = (self.url.hostname, self.url.port)
        if self.url.scheme == "https":
            return http.client.HTTPSConnection(*place, timeout=timeout, context=self.context)
        return http.client.HTTPConnection(*place, timeout=timeout)

    def send(self, link, method, target, body, headers):
        headers = dict(headers)
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        link.request(method, self.url.path.rstrip("/") + target, body, headers)
        return link.getresponse()

    def call(self, method, path, body=None, kind="application/json"):
        """The status and the object of one call of our own."""
        link = self.link()
        try:
            data = None if body is None else json.dumps(body).encode()
            answer = self.send(link, method, path, data, {"Content-Type": kind})
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            link.close()

    def patch(self, path, body):
        return self.call("PATCH", path, body, "application/merge-patch+json")


class Edge:
    """What Slipway is told is the API server."""

    def __init__(self, upstream, authority, token):
        self.upstream = upstream
        self.authority = authority
        self.token = token
        self.throttles = False
        self.renames = {}
        self.refused = 0
        self.cuts = 0
        self.port = None
        self.server = None
        self.live = {}
        self.lock = threading.Lock()

    def kubeconfig(self):
        """What to log in with right now, as JSON, which is YAML."""
        data = subprocess.run(["base64", "-w0"], input=self.authority.text, text=True,
                              capture_output=True, check=True).stdout
        return json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "edge",
            "clusters": [{"name": "edge", "cluster": {
                "server": f"https://127.0.0.1:{self.port}", "certificate-authority-data": data}}],
            "users": [{"name": "slipway", "user": {"token": self.token}}],
            "contexts": [{"name": "edge", "context": {"cluster": "edge", "user": "slipway"}}]})

    def open(self):
        """Listens, on the port that it had before if it had one."""
        edge = self

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

            def process_request_thread(self, request, address):
                try:
                    request.settimeout(10)
                    safe = edge.authority.context().wrap_socket(request, server_side=True)
                    safe.settimeout(None)
                except (OSError, ssl.SSLError):
                    return self.shutdown_request(request)
                with edge.lock:
                    edge.live[safe] = None
                try:
                    super().process_request_thread(safe, address)
                finally:
                    with edge.lock:
                        edge.live.pop(safe, None)

            def handle_error(self, request, address):
                pass  # A connection that was cut.

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def __getattr__(self, name):
                if name.startswith("do_"):
                    return lambda: edge.serve(self)
                raise AttributeError(name)

            def log_message(self, *_):
                pass

        self.server = Server(("127.0.0.1", self.port or 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def close(self):
        """Nobody listens any more, and every connection is cut."""
        self.server.shutdown()
        self.server.server_close()
        self.cut(lambda _: True)

    def cut(self, isMeant):
        with self.lock:
            victims = [link for link, target in self.live.items() if isMeant(target or "")]
        for link in victims:
            self.cuts += 1
            try:
                link.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut_watches(self):
        """Ends every watch in the middle of a line, as a proxy does that restarts."""
        self.cut(lambda target: "watch=" in target)

    def serve(self, handler):
        """One request."""
        with self.lock:
            self.live[handler.connection] = handler.path
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length) if length else None
        if handler.headers.get("Authorization") != f"Bearer {self.token}":
            self.refused += 1
            return self.say(handler, 401, "Unauthorized", "Unauthorized")
        if self.throttles:
            self.refused += 1
            return self.say(handler, 429, "TooManyRequests", "too many requests", ("Retry-After", "1"))
        if any(f"/apis/{group}/" in handler.path for group in self.renames):
            return self.say(handler, 404, "NotFound", "the server could not find the requested resource")
        headers = {name: value for name, value in handler.headers.items()
                   if name.lower() not in HOP | {"authorization", "host", "accept-encoding"}}
        link = self.upstream.link(timeout=None)
        try:
            answer = self.upstream.send(link, handler.command, handler.path, body, headers)
            if self.renames and handler.path == "/apis":
                return self.rename(handler, answer)
            self.relay(handler, answer)
        except (OSError, http.client.HTTPException):
            handler.close_connection = True
        finally:
            link.close()

    def rename(self, handler, answer):
        """Discovery that says other versions than are served."""
        found = json.loads(answer.read())
        for group in found.get("items", []):
            version = self.renames.get(group["metadata"].get("name"))
            for served in group["versions"] if version else []:
                served["version"] = version
        text = json.dumps(found).encode()
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.getheader("Content-Type"))
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)

    @staticmethod
    def relay(handler, answer):
        handler.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                handler.send_header(name, value)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while piece := answer.read1(65536):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")

    @staticmethod
    def say(handler, code, reason, message, *headers):
        text = json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code,
                           "reason": reason, "message": message}).encode()
        handler.send_response(code)
        for name, value in headers:
            handler.send_header(name, value)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)


def until(holds, seconds=30, every=0.1):
    """How long it took until something held; None where it did not in time."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        if holds():
            return time.monotonic() - begin
        time.sleep(every)
    return None
