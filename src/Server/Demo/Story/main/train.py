#!/usr/bin/env python3
"""Trains one candidate of the churn model.

    python3 train.py --learning-rate 0.005 --l2 0.03

Every option may come from the environment instead (LEARNING_RATE, L2, EPOCHS,
SEED, FEATURES). Only Python's standard library is needed. With
MLFLOW_TRACKING_URI set, everything that is printed is logged there as well.
"""

import argparse
import csv
import hashlib
import json
import os
import random
import signal
import sys
import time

import features
import model as learning
from onnx_writer import write_model
from plots import roc_svg
from tracking import TrackingError, open_tracking

EXPERIMENT = "churn"


def main():
    options = read_options()
    tracking = open_tracking()
    # A cancelled job gets SIGTERM: leave as from any error, so that the record ends too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        train(options, tracking)
        tracking.finish("FINISHED")
        return 0
    except (KeyboardInterrupt, SystemExit):
        give_up(tracking, "KILLED")
        raise
    except Exception as error:
        give_up(tracking, "FAILED")
        if not isinstance(error, (TrackingError, OSError, ValueError)):
            raise
        print(f"train.py: {error}", file=sys.stderr)
        return 1


def read_options():
    env = os.environ.get
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="data/churn.csv")
    parser.add_argument("--out", default="out", help="a folder per candidate is made in it")
    parser.add_argument("--features", default=env("FEATURES", "plain"), choices=features.VARIANTS)
    parser.add_argument("--learning-rate", type=float, default=env("LEARNING_RATE", "0.005"))
    parser.add_argument("--l2", type=float, default=env("L2", "0.0"))
    parser.add_argument("--epochs", type=int, default=env("EPOCHS", "600"))
    parser.add_argument("--seed", type=int, default=env("SEED", "7"), help="of split and shuffles")
    return parser.parse_args()


def train(options, tracking):
    started = time.monotonic()
    name = f"{options.features} lr={options.learning_rate:g} l2={options.l2:g}"
    print(f"candidate   {name}")
    print(f"tracking    {tracking.where}", flush=True)
    tracking.start(EXPERIMENT, name)

    rows, targets = features.read_customers(options.data)
    parts = features.split(rows, targets, options.seed)
    params = params_of(options, parts)
    tracking.params(params)
    print(f"customers   {len(rows)}, of whom {sum(targets)} left")
    print(f"inputs      {', '.join(features.names_of(options.features))}\n", flush=True)

    model, scaler = fit(options, parts, tracking)

    def score(customers):
        return model.predict([scaler(features.expand(row, options.features)) for row in customers])

    test_rows, test_targets = parts[2]
    chances = score(test_rows)
    final = judge(test_targets, chances)
    tracking.metrics(final, step=options.epochs)
    print(f"\non {len(test_rows)} customers never seen before:")
    for key, value in final.items():
        print(f"  {key:<10}{value:.4f}")

    folder = os.path.join(options.out, name.replace(" ", "_").replace("=", "-"))
    os.makedirs(folder, exist_ok=True)
    importance = importances(test_rows, test_targets, score, options.seed)
    for path in [
        save_model(folder, model, scaler, options.features),
        save_metrics(folder, name, params, final),
        save_roc(folder, name, test_targets, chances, final["auc"]),
        save_table(folder, "importance.csv", ["column", "auc_lost_when_shuffled"],
                   [[column, f"{lost:.4f}"] for column, lost in importance]),
        save_table(folder, "predictions.csv", [*features.COLUMNS, "churned", "churn_probability"],
                   [[*row, y, repr(p)] for row, y, p in zip(test_rows, test_targets, chances)]),
    ]:
        tracking.artifact(path)
        print(f"wrote       {path}")
    print(f"done        in {time.monotonic() - started:.1f} s", flush=True)


def params_of(options, parts):
    with open(options.data, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return {
        "features": options.features,
        "learning_rate": options.learning_rate,
        "l2": options.l2,
        "epochs": options.epochs,
        "seed": options.seed,
        "train_rows": len(parts[0][0]),
        "test_rows": len(parts[2][0]),
        "data_sha256": digest[:12],
    }


def fit(options, parts, tracking):
    """Trains and tells about every epoch while it happens."""
    (train_rows, train_targets), (val_rows, val_targets), _ = parts
    train_rows, val_rows = (
        [features.expand(row, options.features) for row in part] for part in (train_rows, val_rows))
    scaler = features.Scaler(train_rows)
    train_rows = [scaler(row) for row in train_rows]
    val_rows = [scaler(row) for row in val_rows]

    model = learning.LogisticRegression(len(train_rows[0]))
    epochs = model.fit(train_rows, train_targets, options.learning_rate, options.l2,
                       options.epochs, options.seed)
    print("  epoch   train_loss   val_auc")
    for epoch in epochs:
        loss = learning.log_loss(train_targets, model.predict(train_rows))
        val_auc = learning.auc(val_targets, model.predict(val_rows))
        tracking.metrics({"train_loss": loss, "val_auc": val_auc}, step=epoch)
        if epoch == 1 or epoch % max(1, options.epochs // 12) == 0:
            print(f"  {epoch:>5}   {loss:>10.4f}   {val_auc:>7.4f}", flush=True)
    return model, scaler


def judge(targets, chances):
    return {
        "auc": learning.auc(targets, chances),
        "accuracy": learning.accuracy(targets, chances),
        "log_loss": learning.log_loss(targets, chances),
        "brier": learning.brier(targets, chances),
    }


def importances(rows, targets, score, seed, repeats=8):
    """How much AUC is lost when one column is shuffled among the customers."""
    rng = random.Random(seed)
    base = learning.auc(targets, score(rows))
    found = []
    for j, column in enumerate(features.COLUMNS):
        lost = 0.0
        for _ in range(repeats):
            values = [row[j] for row in rows]
            rng.shuffle(values)
            mixed = [row[:j] + [value] + row[j + 1:] for row, value in zip(rows, values)]
            lost += base - learning.auc(targets, score(mixed))
        found.append((column, lost / repeats))
    return sorted(found, key=lambda one: -one[1])


def save_model(folder, model, scaler, variant):
    path = os.path.join(folder, "model.onnx")
    write_model(path, model, scaler, variant)
    return path


def save_metrics(folder, name, params, metrics):
    path = os.path.join(folder, "metrics.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"name": name, "params": params, "metrics": metrics}, file, indent=2)
        file.write("\n")
    return path


def save_roc(folder, name, targets, chances, area):
    path = os.path.join(folder, "roc.svg")
    with open(path, "w", encoding="utf-8") as file:
        file.write(roc_svg(learning.roc_points(targets, chances), area, name))
    return path


def save_table(folder, file_name, header, rows):
    path = os.path.join(folder, file_name)
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path


def give_up(tracking, status):
    try:
        tracking.finish(status)
    except TrackingError as error:
        # Why the training ended matters more than how its record ends.
        print(f"train.py: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
