"""The runners of three forges, as far as examples/ci needs them: they read the file, fill in what
the forge knows, and run its shell parts word for word."""
import os
import re
import subprocess
import urllib.request
import uuid

import yaml

import product


def example(name):
    with open(os.path.join(product.TOP, "examples/ci", name)) as file:
        return file.read()


class Pipeline:
    """One run for a pull request; `said` is everything that it printed."""
    shell = ["sh", "-e"]

    def __init__(self, trial, number, revision, timeout=60, repository="acme/shop"):
        self.trial, self.number, self.revision = trial, number, revision
        self.timeout, self.repository = timeout, repository
        self.image = f"registry.example.com/shop:{revision}"
        self.said = self.url = ""
        self.process = None

    def deploy(self):
        return self.start("deploy").wait()

    def remove(self):
        return self.start("remove").wait()

    def start(self, what):
        script, variables = self.job(what)
        environment = {"PATH": os.environ["PATH"], "HOME": self.trial.work, **variables,
                       # What people set for their own installation.
                       "SLIPWAY_URL": self.trial.address, "SLIPWAY_TIMEOUT": str(self.timeout)}
        self.outcome = os.path.join(self.trial.work, f"out-{uuid.uuid4()}")
        environment["GITHUB_OUTPUT"] = self.outcome
        self.process = subprocess.Popen(
            [*self.shell, "-c", script], cwd=self.trial.work, env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return self

    def wait(self):
        """The exit code."""
        printed = self.process.communicate(timeout=120)[0]
        self.said += printed
        found = re.findall(r"http://127[^\s]*/ingress/[^\s]*", printed)
        self.url = found[-1] if found else ""
        return self.process.returncode

    def answers(self):
        with urllib.request.urlopen(self.url, timeout=10) as answer:
            return self.image in answer.read().decode()


class GitHub(Pipeline):
    name = "github"
    shell = ["bash", "-e"]

    def job(self, what):
        file = yaml.safe_load(example("github-actions.yml"))
        known = {
            "github.event.number": str(self.number), "github.head_ref": "fix",
            "github.event.pull_request.head.sha": self.revision,
        }

        def filled(value):
            return re.sub(r"\$\{\{ *([^ }]*) *\}\}", lambda match: known[match[1]], str(value))

        job = file["jobs"][what]
        variables = {**file["env"], **job.get("env", {})}
        secret = str(uuid.uuid4())
        issuer = self.trial.issuer
        issuer.runs[secret] = {
            "repository": self.repository, "ref": f"refs/pull/{self.number}/merge",
            "event_name": "pull_request", "run_id": "1"}
        steps = [step["run"] for step in job["steps"] if "run" in step]
        return "\n".join(steps), {
            **{name: filled(value) for name, value in variables.items()},
            "ACTIONS_ID_TOKEN_REQUEST_URL": issuer.url("github") + "/token?api-version=2",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": secret}


class GitLab(Pipeline):
    name = "gitlab"

    def job(self, what):
        file = yaml.safe_load(example(".gitlab-ci.yml"))
        known = {
            "CI_MERGE_REQUEST_IID": str(self.number), "CI_COMMIT_SHA": self.revision,
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "fix",
        }

        def filled(value):
            return re.sub(r"\$(\w+)", lambda match: known[match[1]], str(value))

        job = {**file[file[what]["extends"]], **file[what]}
        variables = {**file["variables"], **job.get("variables", {})}
        tokens = {
            name: self.trial.issuer.token("gitlab", self.trial.address, {
                "project_path": self.repository, "project_id": "7", "ref": "fix",
                "ref_path": "refs/heads/fix", "ref_protected": "false",
                "pipeline_source": "merge_request_event", "pipeline_id": "2"})
            for name in job["id_tokens"]}
        return "\n".join(job["script"]) + "\n[ ! -f slipway.env ] || cat slipway.env", {
            **{name: filled(value) for name, value in variables.items()}, **tokens}


class Jenkins(Pipeline):
    name = "jenkins"
    shell = ["sh", "-xe"]

    def job(self, what):
        file = example("Jenkinsfile")
        known = {"CHANGE_ID": str(self.number), "GIT_COMMIT": self.revision, "CHANGE_BRANCH": "fix"}
        block = re.search(r"environment \{\n(.*?)\n    \}", file, re.S)[1]
        variables = {}
        for name, value in re.findall(r"(\w+) = ['\"](.*)['\"]", block):
            variables[name] = re.sub(r"\$\{env\.(\w+)\}", lambda match: known[match[1]], value)
        stage = file[file.index(f"stage('{what.title()}')"):]
        credential = re.search(r"credentialsId: '\w+', variable: '(\w+)'", stage)[1]
        token = self.trial.issuer.token("jenkins", self.trial.address, {
            "sub": f"https://jenkins.example/job/shop/view/change-requests/job/PR-{self.number}/",
            "build_number": 3})
        return re.search(r"sh '''\n(.*?)'''", stage, re.S)[1], {**variables, credential: token}
