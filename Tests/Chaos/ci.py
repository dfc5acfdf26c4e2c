"""Runs the shell parts of examples/ci as they stand, against a server and a real issuer of tokens.

First each of the three pipelines by itself, then the impatient: five pushes in a row, a pull
request closed while it is deployed and opened again while it goes, two pipelines at once, and the
server killed with -9 while roll-outs are at every step. Then what a developer sees of faults.
"""
import os
import shutil
import sys
import threading
import time
import urllib.parse

import yaml

import product
from ci_issuer import Issuer
from ci_pipelines import GitHub, GitLab, Jenkins

SUCCEEDED, FAILED, OVERTAKEN, UNKNOWN = 0, 1, 2, 3


class Trial:
    """A server with one tenant, and pipelines that it trusts."""

    def __init__(self):
        self.work = product.folder("ci")
        self.issuer = Issuer(self.work)
        flags = []
        for forge in ("github", "gitlab", "jenkins"):
            flags += ["--oidc-issuer", self.issuer.url(forge)]
        self.server = product.Server(os.path.join(self.work, "var"), flags=flags).start()
        self.server.wait_ready()
        self.verdict = product.Verdict()
        self.access = None
        os.makedirs(os.path.join(self.work, "ci"))
        shutil.copy(os.path.join(product.TOP, "examples/ci/slipway.sh"),
                    os.path.join(self.work, "ci"))
        make = {"name": "acme", "spec": {"isolation": "vcluster"}}
        answer = self.server.call("POST", "/v1/tenants", make, timeout=90, Prefer="wait=60")
        assert answer.status == 201, answer.body
        for forge in ("github", "gitlab", "jenkins"):
            spec = {"issuer": self.issuer.url(forge), "tokenTtl": "5m"}
            if forge == "jenkins":
                spec.update(claims={"sub": "https://jenkins.example/job/shop/*"})
            else:
                spec.update(repository="acme/shop")
            path = f"/v1/tenants/acme/trusts/{forge}"
            answer = self.server.call("PUT", path, {"spec": spec})
            assert answer.status == 201, answer.body

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.port}"

    def pipeline(self, forge, number, revision, **more):
        """One run of a pipeline for a pull request."""
        return forge(self, number, revision, **more)

    def get(self, number):
        """The environment of a pull request; None where there is none."""
        answer = self.server.call("GET", f"/v1/tenants/acme/environments/pr-{number}")
        return answer.json if answer.status == 200 else None

    def live(self, number):
        """The image that is live."""
        found = self.get(number)
        rollout = found and found["status"]["live"]
        return rollout and rollout["images"]["app"]

    def records(self, number):
        path = f"/v1/tenants/acme/environments/pr-{number}/deployments?limit=100"
        return self.server.call("GET", path).json["items"]

    def leftovers(self, number):
        """Whatever of an environment is still anywhere."""
        left = [] if self.get(number) is None else ["the environment"]
        group = "kustomize.toolkit.fluxcd.io/v1/kustomizations"
        listed = self.server.call("GET", f"/sandbox/management/apis/{group}").json["items"]
        left += [thing["metadata"]["name"] for thing in listed
                 if thing["metadata"]["name"] == f"env-pr-{number}"]
        if self.cluster(f"/api/v1/namespaces/e-pr-{number}") is not None:
            left.append("its namespace")
        clone = os.path.join(self.work, f"clone-{time.monotonic_ns()}")
        assert self.server.clone("acme", "platform", clone)
        if os.path.exists(os.path.join(clone, f"environments/pr-{number}")):
            left.append("its files")
        return left

    def cluster(self, path, method="GET", body=None):
        """An answer of the tenant's cluster; None for 404."""
        if self.access is None:
            answer = self.server.call(
                "POST", "/v1/tenants/acme/clusters/main/kubeconfig", {"role": "admin"})
            config = yaml.safe_load(answer.json["kubeconfig"])
            # Without TLS the token stands in the address, as a password.
            server = urllib.parse.urlsplit(config["clusters"][0]["cluster"]["server"])
            self.access = server.path, server.password or config["users"][0]["user"]["token"]
        base, token = self.access
        answer = self.server.call(method, base + path, body, token=token)
        if answer.status == 404:
            return None
        assert answer.status < 300, answer.body
        return answer.json


def simple(trial, forge, number):
    """From the first push to the end, one thing after the other."""
    name, check = forge.__name__, trial.verdict.check
    first = trial.pipeline(forge, number, "a" * 40)
    check(f"{name} deploys", first.deploy() == SUCCEEDED, first.said)
    check(f"{name} has the URL, and it answers for the image",
          f"/e-pr-{number}" not in first.url and first.answers(), first.said)
    again = trial.pipeline(forge, number, "a" * 40)
    check(f"{name} deploys the same again, and nothing is rolled out",
          again.deploy() == SUCCEEDED and len(trial.records(number)) == 1, again.said)
    check(f"{name} removes", first.remove() == SUCCEEDED, first.said)
    check(f"{name} leaves nothing over", not trial.leftovers(number), trial.leftovers(number))
    check(f"{name} removes what is gone already", first.remove() == SUCCEEDED, first.said)


def five_pushes(trial, forge, number):
    pushes = [trial.pipeline(forge, number, str(i) * 40) for i in range(1, 6)]
    for push in pushes:
        push.start("deploy")
        time.sleep(0.4)
    codes = [push.wait() for push in pushes]
    said = "".join(push.said for push in pushes)
    trial.verdict.check("of five pushes the last is live",
                        codes[4] == SUCCEEDED and trial.live(number) == pushes[4].image, said)
    trial.verdict.check("and those before say that they were overtaken, or were quick enough",
                        all(code in (SUCCEEDED, OVERTAKEN) for code in codes), f"{codes} {said}")
    trial.verdict.check("it is removed once", pushes[4].remove() == SUCCEEDED, pushes[4].said)


def close_while_deploying(trial, forge, number):
    push = trial.pipeline(forge, number, "b" * 40).start("deploy")
    until(lambda: trial.get(number) is not None)
    close = trial.pipeline(forge, number, "b" * 40)
    removed = close.remove()
    trial.verdict.check("closed while it is deployed: it is removed", removed == SUCCEEDED,
                        close.said)
    trial.verdict.check("and the push says so", push.wait() == OVERTAKEN, push.said)
    trial.verdict.check("and nothing is left over", not trial.leftovers(number),
                        trial.leftovers(number))


def reopen_while_removing(trial, forge, number):
    trial.pipeline(forge, number, "c" * 40).deploy()
    close = trial.pipeline(forge, number, "c" * 40).start("remove")
    until(lambda: (trial.get(number) or {"status": {"phase": "deleting"}})["status"]["phase"]
          == "deleting")
    again = trial.pipeline(forge, number, "d" * 40)
    code = again.deploy()
    trial.verdict.check("opened again while it goes: it is made anew",
                        code == SUCCEEDED and trial.live(number) == again.image, again.said)
    trial.verdict.check("and the removal had its end", close.wait() == SUCCEEDED, close.said)


def two_at_once(trial, forge, number):
    both = [trial.pipeline(forge, number, "e" * 40).start("deploy") for _ in range(2)]
    codes = [one.wait() for one in both]
    trial.verdict.check("two pipelines at once: both succeed, with one roll-out",
                        codes == [SUCCEEDED] * 2
                        and [record["images"]["app"] for record in trial.records(number)]
                        .count(both[0].image) == 1, both[0].said + both[1].said)


def killed(trial, forge, number):
    """The server ends with -9 while roll-outs are at different steps; no pipeline notices.

    They begin one behind the other: what a dead server had begun is taken up within 15 seconds, for
    all of them together.
    """
    pushes = [trial.pipeline(forge, number + place, f"{place:x}" * 40) for place in range(6)]
    for push in pushes:
        push.start("deploy")
        until(lambda: step(trial, push) is not None, 5)
    until(lambda: step(trial, pushes[0]) in ("reach", "announce", "end"), 10)
    at = [step(trial, push) or "resolve" for push in pushes]
    trial.server.kill()
    trial.server.start().wait_ready()
    codes = [push.wait() for push in pushes]
    for push, code, where in zip(pushes, codes, at):
        trial.verdict.check(f"killed at {where}: the pipeline ends well", code == SUCCEEDED
                            and trial.live(push.number) == push.image, push.said)
    return set(at)


def step(trial, push):
    """The step that the roll-out of a push is at; `end` once it is live, None before it began."""
    found = trial.get(push.number)
    if not found:
        return None
    if found["status"]["live"]:
        return "end"
    job = found["status"]["job"]
    return trial.server.call("GET", f"/v1/jobs/{job}").json["status"]["step"]


def until(holds, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.01)
    return None


def faults(trial, forge, number):
    check = trial.verdict.check
    fault = {"apiVersion": "sandbox.slipway.dev/v1", "kind": "Fault", "metadata": {"name": "pull"},
             "spec": {"target": {"kind": "Pod", "namespace": f"e-pr-{number}"},
                      "effect": "imagePull"}}
    trial.cluster("/apis/sandbox.slipway.dev/v1/faults", "POST", fault)
    push = trial.pipeline(forge, number, "a" * 40, timeout=12)
    code = push.deploy()
    check("an image that is never pulled: the message says so",
          code in (FAILED, UNKNOWN) and "image" in push.said.lower(), f"{code} {push.said}")
    trial.cluster("/apis/sandbox.slipway.dev/v1/faults/pull", "DELETE")
    push = trial.pipeline(forge, number, "b" * 40)
    check("and the next push heals it", push.deploy() == SUCCEEDED, push.said)

    path = f"/v1/tenants/acme/trusts/{forge.name}"
    trial.server.call("PATCH", path, {"spec": {"environmentsMax": 1}},
                      Content_Type="application/merge-patch+json")
    other = trial.pipeline(forge, number + 1, "c" * 40)
    check("a quota that is reached: the message names what could go",
          other.deploy() == FAILED and f"pr-{number}" in other.said, other.said)
    trial.server.call("PATCH", path, {"spec": {"environmentsMax": 20}},
                      Content_Type="application/merge-patch+json")

    stuck = {"apiVersion": "sandbox.slipway.dev/v1", "kind": "Fault", "metadata": {"name": "stuck"},
             "spec": {"target": {"kind": "Kustomization", "name": f"env-pr-{number}"},
                      "effect": "deletionStuck"}}
    faults = "/sandbox/management/apis/sandbox.slipway.dev/v1/faults"
    answer = trial.server.call("POST", faults, stuck)
    assert answer.status == 201, answer.body
    close = trial.pipeline(forge, number, "b" * 40, timeout=6)
    check("what does not go: the message says what it waits for",
          close.remove() == UNKNOWN and "waits for" in close.said, close.said)
    trial.server.call("DELETE", f"{faults}/stuck")
    close = trial.pipeline(forge, number, "b" * 40)
    check("and once it goes, nothing is left over",
          close.remove() == SUCCEEDED and not trial.leftovers(number), close.said)


def refused(trial, forge, number):
    """What no trust takes."""
    stranger = trial.pipeline(forge, number, "f" * 40, repository="acme/other")
    trial.verdict.check("another repository's run is refused, and told what it is",
                        stranger.deploy() == FAILED and "acme/other" in stranger.said,
                        stranger.said)


def main():
    begin = time.monotonic()
    trial = Trial()
    threads = [threading.Thread(target=simple, args=(trial, forge, number))
               for number, forge in enumerate((GitHub, GitLab, Jenkins), start=1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    five_pushes(trial, GitHub, 10)
    close_while_deploying(trial, GitLab, 11)
    reopen_while_removing(trial, Jenkins, 12)
    two_at_once(trial, GitHub, 13)
    refused(trial, GitHub, 14)
    faults(trial, GitLab, 15)
    hit = killed(trial, GitLab, 20) | killed(trial, GitHub, 30)
    trial.verdict.check("the server was killed at different steps", len(hit) >= 3, hit)
    print(f"  {time.monotonic() - begin:.0f} s")
    return trial.verdict.close()


if __name__ == "__main__":
    sys.exit(main())
