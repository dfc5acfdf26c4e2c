"""An issuer of tokens as forges have them: discovery, keys, and RS256 by openssl."""
import base64
import http.server
import json
import os
import subprocess
import threading
import time
import urllib.parse
import uuid


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    def __init__(self, folder):
        self.key = os.path.join(folder, "issuer.pem")
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True,
                       stderr=subprocess.DEVNULL)
        shown = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"],
                               check=True, capture_output=True, text=True).stdout
        self.modulus = bytes.fromhex(shown.strip().split("=")[1])
        # What the forge says of runs that ask for their token over HTTP, by their secret.
        self.runs = {}
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, forge):
        return f"http://127.0.0.1:{self.server.server_port}/{forge}"

    def answer(self, request):
        address = urllib.parse.urlsplit(request.path)
        forge = address.path.split("/")[1]
        if address.path.endswith("openid-configuration"):
            document = {"issuer": self.url(forge), "jwks_uri": self.url(forge) + "/keys"}
        elif address.path.endswith("/keys"):
            document = {"keys": [{"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256",
                                  "n": text(self.modulus), "e": "AQAB"}]}
        else:
            # As GitHub's runner: a secret of the job in the header, the audience in the query.
            secret = request.headers["Authorization"].split()[1]
            audience = urllib.parse.parse_qs(address.query)["audience"][0]
            document = {"count": 1, "value": self.token(forge, audience, self.runs[secret])}
        body = json.dumps(document).encode()
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def token(self, forge, audience, claims):
        now = int(time.time())
        parts = [{"alg": "RS256", "typ": "JWT", "kid": "1"},
                 {"iss": self.url(forge), "aud": audience, "iat": now, "nbf": now, "exp": now + 300,
                  "jti": str(uuid.uuid4()), **claims}]
        signed = ".".join(text(json.dumps(part).encode()) for part in parts)
        made = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key],
                              input=signed.encode(), check=True, capture_output=True)
        return f"{signed}.{text(made.stdout)}"
