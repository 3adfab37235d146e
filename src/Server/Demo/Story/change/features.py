"""Customers as numbers: read the file, split it, bring columns to one scale."""

import csv
import math
import random

COLUMNS = [
    "tenure_months",
    "monthly_charge",
    "support_calls",
    "contract_months",
    "late_payments",
    "is_paperless",
]
TARGET = "churned"

# Months and money matter by ratio: the step from 1 month to 2 is a big one.
LOGS = ["tenure_months", "monthly_charge"]

# What one column means depends on the other: a support call says little about
# somebody who is bound for two years.
PRODUCTS = [
    ("support_calls", "contract_months"),
    ("late_payments", "contract_months"),
    ("tenure_months", "support_calls"),
]

# How the columns reach the model: as they are, with logarithms, with both.
VARIANTS = ["plain", "log", "crossed"]


def read_customers(path):
    """Rows of floats in the order of COLUMNS, and their 0/1 targets."""
    rows, targets = [], []
    with open(path, newline="", encoding="utf-8") as file:
        for record in csv.DictReader(file):
            rows.append([float(record[name]) for name in COLUMNS])
            targets.append(int(record[TARGET]))
    return rows, targets


def split(rows, targets, seed):
    """Train (60 %), validation (15 %) and test (25 %); a seed gives one split."""
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)
    first, second = int(len(order) * 0.60), int(len(order) * 0.75)
    parts = (order[:first], order[first:second], order[second:])
    return [([rows[i] for i in part], [targets[i] for i in part]) for part in parts]


def names_of(variant):
    """The names of the model's inputs, in order."""
    logs, products = derived(variant)
    return [
        *COLUMNS,
        *(f"log1p({name})" for name in logs),
        *(f"{a} * {b}" for a, b in products),
    ]


def expand(row, variant):
    """What the model sees of one customer."""
    logs, products = derived(variant)
    value = dict(zip(COLUMNS, row))
    return [
        *row,
        *(math.log1p(value[name]) for name in logs),
        *(value[a] * value[b] for a, b in products),
    ]


def derived(variant):
    """The columns to take logarithms of, and the pairs to multiply."""
    if variant not in VARIANTS:
        raise ValueError(f"FEATURES is '{variant}'; known are: {', '.join(VARIANTS)}")
    return LOGS if variant != "plain" else [], PRODUCTS if variant == "crossed" else []


class Scaler:
    """Takes the mean of every column away and divides by its deviation."""

    def __init__(self, rows):
        columns = list(zip(*rows))
        self.means = [sum(column) / len(column) for column in columns]
        self.deviations = [
            math.sqrt(sum((x - mean) ** 2 for x in column) / len(column)) or 1.0
            for column, mean in zip(columns, self.means)
        ]

    def __call__(self, row):
        return [(x - m) / d for x, m, d in zip(row, self.means, self.deviations)]
