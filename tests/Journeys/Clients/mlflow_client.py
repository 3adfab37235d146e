"""MLflow's own client against a running Squero: python3 mlflow_client.py. MLFLOW_TRACKING_URI and MLFLOW_TRACKING_TOKEN say where."""

import json
import math
import os
import pathlib
import tempfile

import mlflow
from mlflow import MlflowClient
from mlflow.entities import AssessmentSource, Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException

client = MlflowClient()


def refused(code, act):
    try:
        act()
    except MlflowException as error:
        assert error.error_code == code, f"{error.error_code}: {error}"
        return
    raise AssertionError(f"it was not refused with {code}")


def runs():
    mlflow.set_experiment("client-runs")
    with mlflow.start_run(run_name="first", tags={"kind": "a", "owner@team": "x"}) as run:
        mlflow.log_params({f"p{index}": index for index in range(250)})
        mlflow.log_param("lr", 0.1)
        for step in range(20):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metrics({"auc": 0.91, "nan": math.nan})
        mlflow.set_tags({"t": "1", "u": "2"})
        mlflow.log_metrics({"later": 1.0}, synchronous=False).wait()
        refused("INVALID_PARAMETER_VALUE", lambda: mlflow.log_param("lr", 0.2))
        with mlflow.start_run(nested=True, run_name="child"):
            mlflow.log_metric("loss", 2.0)
        client.log_batch(
            run.info.run_id,
            metrics=[Metric("many", float(index), 1700000000000 + index, index) for index in range(2500)],
            params=[Param("late", "1")],
            tags=[RunTag("late", "1")],
        )
    kept = client.get_run(run.info.run_id)
    assert kept.info.status == "FINISHED" and kept.data.params["lr"] == "0.1" and len(kept.data.params) == 252
    assert kept.data.metrics["auc"] == 0.91 and math.isnan(kept.data.metrics["nan"]) and kept.data.metrics["many"] == 2499
    assert len(client.get_metric_history(run.info.run_id, "many")) == 2500
    found = mlflow.search_runs(experiment_names=["client-runs"], filter_string="metrics.auc > 0.9 and params.lr = '0.1'", output_format="list")
    assert [one.info.run_id for one in found] == [run.info.run_id]
    found = client.search_runs([run.info.experiment_id], "metrics.later = 1 AND tags.kind = 'a' AND ", order_by=["metrics.auc DESC"])
    assert [one.info.run_id for one in found] == [run.info.run_id]
    children = client.search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'")
    assert client.get_parent_run(children[0].info.run_id).info.run_id == run.info.run_id
    client.delete_run(run.info.run_id)
    assert run.info.run_id in [one.info.run_id for one in client.search_runs([run.info.experiment_id], run_view_type=ViewType.DELETED_ONLY)]
    client.restore_run(run.info.run_id)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_run("0" * 32))
    return run.info.run_id


def artifacts(run_id):
    with mlflow.start_run(run_id=run_id), tempfile.TemporaryDirectory() as folder:
        mlflow.log_text("hello\n", "notes/hello.txt")
        mlflow.log_dict({"a": [1, 2]}, "conf/a.json")
        (pathlib.Path(folder) / "sub").mkdir()
        (pathlib.Path(folder) / "sub" / "grüße 1.bin").write_bytes(bytes(range(256)) * 4096)
        mlflow.log_artifacts(folder, "tree")
        mlflow.log_table({"q": ["a"], "a": ["b"]}, "eval/table.json")
        mlflow.log_table({"q": ["c"], "a": ["d"]}, "eval/table.json")
        try:
            import numpy
            import PIL  # noqa: F401
        except ImportError:
            pass
        else:
            for step in (0, 12, 85, 92):
                mlflow.log_image(numpy.zeros((8, 8, 3), dtype=numpy.uint8), key="dogs", step=step)
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/notes/hello.txt") == "hello\n"
    assert mlflow.artifacts.load_dict(f"runs:/{run_id}/conf/a.json") == {"a": [1, 2]}
    fetched = pathlib.Path(client.download_artifacts(run_id, "tree"))
    assert (fetched / "sub" / "grüße 1.bin").read_bytes() == bytes(range(256)) * 4096
    assert len(mlflow.load_table("eval/table.json", run_ids=[run_id])) == 2
    assert "tree" in [file.path for file in client.list_artifacts(run_id)]


def parts():
    """A file in parts, as the client sends it where it is told to, and all files of a run at once."""
    with mlflow.start_run() as run:
        mlflow.log_text("hello\n", "notes/hello.txt")
    run_id = run.info.run_id
    content = bytes(range(256)) * (12 << 12)
    os.environ.update(
        MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD="true",
        MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=str(6 << 20),
        MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE=str(5 << 20),
    )
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "large 1.bin").write_bytes(content)
        client.log_artifact(run_id, str(pathlib.Path(folder) / "large 1.bin"), "parts")
    assert [(file.path, file.file_size) for file in client.list_artifacts(run_id, "parts")] == [("parts/large 1.bin", len(content))]
    whole = pathlib.Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="."))
    assert (whole / "notes" / "hello.txt").read_text() == "hello\n" and (whole / "parts" / "large 1.bin").read_bytes() == content


def training():
    """Autologging, where scikit-learn is importable."""
    try:
        import numpy
        from sklearn.linear_model import ElasticNet
        from sklearn.model_selection import GridSearchCV
    except ImportError:
        return
    mlflow.set_experiment("client-training")
    mlflow.sklearn.autolog(log_models=True)
    rows, target = numpy.arange(40, dtype=float).reshape(20, 2), numpy.arange(20, dtype=float)
    with mlflow.start_run() as run:
        GridSearchCV(ElasticNet(), {"alpha": [0.1, 1.0]}, cv=2).fit(rows, target)
    mlflow.sklearn.autolog(disable=True)
    children = client.search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'")
    assert sorted(child.data.params["alpha"] for child in children) == ["0.1", "1.0"]
    kept = client.get_run(run.info.run_id)
    assert "best_cv_score" in kept.data.metrics and kept.inputs.dataset_inputs


class Doubling(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [value * 2 for value in model_input]


def models():
    mlflow.set_experiment("client-models")
    with mlflow.start_run() as run:
        info = mlflow.pyfunc.log_model(name="doubling", python_model=Doubling(), registered_model_name="doubling", pip_requirements=[])
        mlflow.log_metric("auc", 0.8, model_id=info.model_id)
    logged = client.get_logged_model(info.model_id)
    assert logged.status == "READY" and [(one.key, one.value, one.run_id) for one in logged.metrics] == [("auc", 0.8, run.info.run_id)]
    assert mlflow.pyfunc.load_model(f"models:/{info.model_id}").predict([1, 2]) == [2, 4]
    assert mlflow.pyfunc.load_model("models:/doubling/1").predict([1, 2]) == [2, 4]
    better = mlflow.initialize_logged_model(name="other", params={"depth": "3"}, tags={"a": "b"})
    mlflow.finalize_logged_model(better.model_id, "READY")
    found = mlflow.search_logged_models(experiment_ids=[run.info.experiment_id], filter_string="metrics.auc > 0.7", output_format="list")
    assert [one.model_id for one in found] == [info.model_id]
    order = [{"field_name": "metrics.auc", "ascending": False}]
    found = mlflow.search_logged_models(experiment_ids=[run.info.experiment_id], order_by=order, output_format="list")
    assert [one.model_id for one in found] == [info.model_id, better.model_id]

    client.set_registered_model_tag("doubling", "team", "x")
    client.set_model_version_tag("doubling", "1", "checked", "yes")
    client.set_registered_model_alias("doubling", "champion", "1")
    assert client.get_model_version_by_alias("doubling", "champion").version == "1"
    copied = client.copy_model_version("models:/doubling@champion", "doubling-copy")
    assert copied.version == "1" and mlflow.pyfunc.load_model("models:/doubling-copy/1").predict([3]) == [6]
    assert [one.name for one in client.search_registered_models("name LIKE 'doubling%'")] == ["doubling", "doubling-copy"]
    assert len(client.search_model_versions("name = 'doubling'")) == 1
    client.delete_registered_model_alias("doubling", "champion")
    client.delete_registered_model("doubling-copy")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model("doubling-copy"))
    refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model("doubling"))


def prompts():
    mlflow.genai.register_prompt("greeting", "Hello {{name}}", commit_message="first", tags={"lang": "en"})
    mlflow.genai.register_prompt("greeting", [{"role": "user", "content": "Hi {{name}}"}], commit_message="second")
    mlflow.genai.set_prompt_alias("greeting", "live", 1)
    assert mlflow.genai.load_prompt("prompts:/greeting@live").format(name="Ada") == "Hello Ada"
    assert mlflow.genai.load_prompt("greeting", version=2).format(name="Ada")[0]["content"] == "Hi Ada"
    assert [one.name for one in mlflow.genai.search_prompts()] == ["greeting"]
    client.create_prompt("by-hand", description="made by the client itself")
    assert client.create_prompt_version("by-hand", "Bye {{name}}", "first", {"lang": "en"}).version == 1
    assert mlflow.genai.load_prompt("prompts:/by-hand/1").format(name="Ada") == "Bye Ada"
    refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model("greeting"))


def traces():
    experiment = mlflow.set_experiment("client-traces")

    @mlflow.trace(span_type="CHAIN", attributes={"k": 1})
    def outer(x):
        return inner(x) + 1

    @mlflow.trace(span_type="TOOL")
    def inner(x):
        mlflow.get_current_active_span().set_attributes({"n": 3})
        return x * 2

    assert outer(4) == 9
    trace = mlflow.get_trace(mlflow.get_last_active_trace_id())
    assert [span.name for span in trace.data.spans] == ["outer", "inner"] and trace.info.state == "OK"
    assert trace.data.spans[0].inputs == {"x": 4} and trace.data.spans[0].outputs == 9 and trace.data.spans[1].get_attribute("n") == 3

    @mlflow.trace
    def broken():
        raise ValueError("no")

    try:
        broken()
    except ValueError:
        pass
    places = {"locations": [experiment.experiment_id], "return_type": "list"}
    assert len(mlflow.search_traces(**places)) == 2
    assert len(mlflow.search_traces(filter_string="status = 'ERROR'", **places)) == 1
    assert len(mlflow.search_traces(filter_string="span.name = 'inner'", **places)) == 1
    uid = trace.info.trace_id
    mlflow.set_trace_tag(uid, "kind", "good")
    assert len(mlflow.search_traces(filter_string="tags.kind = 'good'", **places)) == 1
    mlflow.delete_trace_tag(uid, "kind")
    good = mlflow.log_feedback(trace_id=uid, name="quality", value=0.9, rationale="fine", source=AssessmentSource(source_type="HUMAN", source_id="me"))
    mlflow.override_feedback(trace_id=uid, assessment_id=good.assessment_id, value=0.2)
    mlflow.log_expectation(trace_id=uid, name="answer", value={"is": [9]})
    kept = mlflow.get_trace(uid).info.assessments
    assert [(one.name, one.value) for one in kept if one.name == "answer" or one.valid] == [("quality", 0.2), ("answer", {"is": [9]})]
    assert [one.value for one in kept if one.assessment_id == good.assessment_id and not one.valid] == [0.9]
    assert client.delete_traces(experiment.experiment_id, trace_ids=[uid]) == 1
    assert len(mlflow.search_traces(**places)) == 1


def evaluation():
    experiment = mlflow.set_experiment("client-evaluation")
    data = mlflow.genai.create_dataset(name="questions", experiment_id=[experiment.experiment_id], tags={"a": "b"})
    data.merge_records([{"inputs": {"q": "1"}, "expectations": {"a": "x"}}, {"inputs": {"q": "2"}}])
    data.merge_records([{"inputs": {"q": "1"}, "expectations": {"b": "y"}}])
    frame = mlflow.genai.get_dataset(dataset_id=data.dataset_id).to_df()
    assert sorted(json.dumps(row) for row in frame["inputs"]) == ['{"q": "1"}', '{"q": "2"}']
    assert {"a": "x", "b": "y"} in list(frame["expectations"])
    assert [one.dataset_id for one in mlflow.genai.search_datasets(experiment_ids=[experiment.experiment_id], filter_string="name = 'questions'")] == [data.dataset_id]

    @mlflow.genai.scorer
    def exact(outputs, expectations):
        return outputs == expectations["a"]

    rows = [{"inputs": {"q": q}, "expectations": {"a": "x1"}} for q in ("1", "2")]
    assert mlflow.genai.evaluate(data=rows, predict_fn=lambda q: "x" + q, scorers=[exact]).metrics["exact/mean"] == 0.5

    from mlflow.genai.scorers import Guidelines, delete_scorer, get_scorer, list_scorers

    Guidelines(name="polite", guidelines="Be polite.").register()
    assert [one.name for one in list_scorers()] == ["polite"] and get_scorer(name="polite").guidelines == "Be polite."
    delete_scorer(name="polite", version="all")
    assert list_scorers() == []
    mlflow.genai.set_dataset_tags(dataset_id=data.dataset_id, tags={"n": "1"})
    mlflow.genai.delete_dataset_tag(dataset_id=data.dataset_id, key="n")
    mlflow.genai.delete_dataset(dataset_id=data.dataset_id)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: mlflow.genai.get_dataset(dataset_id=data.dataset_id))


def webhooks():
    from mlflow.entities.webhook import WebhookEvent

    hook = client.create_webhook(name="hook", url="https://localhost/hook", events=[WebhookEvent.from_str("registered_model.created")], secret="s3cr3t")
    assert [one.webhook_id for one in client.list_webhooks()] == [hook.webhook_id]
    assert client.update_webhook(hook.webhook_id, name="renamed").name == "renamed"
    answer = client.test_webhook(hook.webhook_id)
    assert not answer.success and "not an address of the internet" in answer.error_message
    client.delete_webhook(hook.webhook_id)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_webhook(hook.webhook_id))


if __name__ == "__main__":
    os.chdir(tempfile.mkdtemp())
    run_id = runs()
    artifacts(run_id)
    for part in (parts, training, models, prompts, traces, evaluation, webhooks):
        part()
        print(part.__name__, "ok")
    print("all ok")
