"""Tells a tracking server what a training does, while it does it.

`open_tracking()` gives the `mlflow` package if it is installed, else a small
client of the same REST protocol, else (no MLFLOW_TRACKING_URI) a silent one.
The place and the key come from the environment:

    MLFLOW_TRACKING_URI    where the server is
    MLFLOW_TRACKING_TOKEN  who we are
"""

import json
import mimetypes
import os
import time
import urllib.error
import urllib.parse
import urllib.request

ATTEMPTS = 9
LONGEST_PAUSE = 8.0  # seconds


class TrackingError(Exception):
    """The tracking server cannot be reached or refuses; the text is for people."""


def open_tracking():
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        return Silent()
    try:
        import mlflow
    except ImportError:
        return Rest(os.environ["MLFLOW_TRACKING_URI"], os.environ.get("MLFLOW_TRACKING_TOKEN"))
    return Package(mlflow)


class Silent:
    """Nobody listens: the program only prints."""

    where = "nowhere (MLFLOW_TRACKING_URI is not set)"

    def start(self, experiment, name):
        pass

    def params(self, values):
        pass

    def metrics(self, values, step=0):
        pass

    def artifact(self, path):
        pass

    def finish(self, status):
        pass


class Package:
    """The mlflow package does the talking."""

    def __init__(self, mlflow):
        self.mlflow = mlflow
        self.where = f"{mlflow.get_tracking_uri()} (by mlflow {mlflow.__version__})"

    def start(self, experiment, name):
        self.mlflow.set_experiment(experiment)
        self.mlflow.start_run(run_name=name)

    def params(self, values):
        self.mlflow.log_params(values)

    def metrics(self, values, step=0):
        for key, value in values.items():
            self.mlflow.log_metric(key, value, step=step)

    def artifact(self, path):
        self.mlflow.log_artifact(path)

    def finish(self, status):
        self.mlflow.end_run(status)


class Rest:
    """The MLflow REST protocol, as much of it as a training needs."""

    def __init__(self, uri, token):
        self.where = uri.rstrip("/")
        self.token = token
        self.run_id = None
        self.artifacts = None
        self.attempts = ATTEMPTS
        host = urllib.parse.urlsplit(uri).hostname
        near = host in ("localhost", "127.0.0.1", "::1")
        # A proxy of the machine cannot reach this machine's own loopback.
        self.opener = urllib.request.build_opener(
            *([urllib.request.ProxyHandler({})] if near else []))

    def start(self, experiment, name):
        run = self.call("POST", "runs/create", {
            "experiment_id": self.experiment_id(experiment),
            "run_name": name,
            "start_time": now(),
        })["run"]["info"]
        self.run_id = run["run_id"]
        self.artifacts = self.artifact_url(run["artifact_uri"])

    def params(self, values):
        self.call("POST", "runs/log-batch", {
            "run_id": self.run_id,
            "params": [{"key": key, "value": str(value)} for key, value in values.items()],
        })

    def metrics(self, values, step=0):
        at = now()
        points = [
            {"key": key, "value": number(value), "timestamp": at, "step": step}
            for key, value in values.items()
        ]
        if len(points) == 1:
            self.call("POST", "runs/log-metric", {"run_id": self.run_id, **points[0]})
        else:
            self.call("POST", "runs/log-batch", {"run_id": self.run_id, "metrics": points})

    def artifact(self, path):
        name = os.path.basename(path)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        with open(path, "rb") as file:
            self.send("PUT", f"{self.artifacts}/{urllib.parse.quote(name)}", file.read(), kind)

    def finish(self, status):
        if self.run_id is None:
            return
        if status != "FINISHED":
            self.attempts = 2  # whoever stops us, or a server long gone, is not worth a long wait
        self.call("POST", "runs/update",
                  {"run_id": self.run_id, "status": status, "end_time": now()})

    def experiment_id(self, name):
        """Jobs of one pipeline begin together: whoever loses the race to create asks again."""
        query = "experiments/get-by-name?" + urllib.parse.urlencode({"experiment_name": name})
        for _ in range(2):
            try:
                return self.call("GET", query)["experiment"]["experiment_id"]
            except Refused as refused:
                if refused.code != "RESOURCE_DOES_NOT_EXIST":
                    raise
            try:
                return self.call("POST", "experiments/create", {"name": name})["experiment_id"]
            except Refused as refused:
                if refused.code != "RESOURCE_ALREADY_EXISTS":
                    raise
        raise TrackingError(f"The experiment '{name}' exists and cannot be read at {self.where}.")

    def artifact_url(self, location):
        """`mlflow-artifacts:/1/…` means: behind the tracking server, at its artifacts proxy."""
        parts = urllib.parse.urlsplit(location)
        if parts.scheme != "mlflow-artifacts" or parts.netloc:
            raise TrackingError(
                f"Artifacts would go to '{location}'; this program knows mlflow-artifacts:/ only.")
        path = urllib.parse.quote(parts.path.strip("/"))
        return f"{self.where}/api/2.0/mlflow-artifacts/artifacts/{path}"

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode("utf-8")
        answer = self.send(method, f"{self.where}/api/2.0/mlflow/{path}", data, "application/json")
        return json.loads(answer or b"{}")

    def send(self, method, url, data, kind):
        """Tries again after lost connections and errors of the server, not after refusals."""
        request = urllib.request.Request(url, data=data, method=method)
        request.add_header("Content-Type", kind)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        for attempt in range(1, self.attempts + 1):
            try:
                with self.opener.open(request, timeout=30) as answer:
                    return answer.read()
            except urllib.error.HTTPError as error:
                if error.code < 500 and error.code != 429:
                    raise refusal(method, url, error) from None
                problem = f"answers {error.code}"
                error.close()
            except (urllib.error.URLError, OSError) as error:
                problem = f"cannot be reached ({getattr(error, 'reason', error)})"
            if attempt < self.attempts:
                pause = min(LONGEST_PAUSE, 0.25 * 2 ** attempt)
                print(f"tracking: the server {problem}; again in {pause:g} s", flush=True)
                time.sleep(pause)
        raise TrackingError(
            f"The tracking server at {self.where} {problem}; gave up after {self.attempts} attempts.")


class Refused(TrackingError):
    """The server understood and said no."""

    def __init__(self, sentence, code):
        super().__init__(sentence)
        self.code = code


def refusal(method, url, error):
    body = error.read()
    try:
        said = json.loads(body)
        code, why = said.get("error_code", ""), said.get("message", "")
    except (ValueError, AttributeError):
        code, why = "", body[:200].decode("utf-8", "replace")
    if error.code == 401:
        why = f"{why} Is MLFLOW_TRACKING_TOKEN set and valid?".strip()
    path = urllib.parse.urlsplit(url).path
    return Refused(f"The tracking server refused {method} {path} with {error.code}: {why}", code)


def now():
    return int(time.time() * 1000)


def number(value):
    """JSON has no NaN and no infinity; MLflow's are these words."""
    value = float(value)
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value
