#!/usr/bin/env python3
"""Makes the customers of this project.

    python3 tools/make_data.py --seed 5 > data/churn.csv

The same seed gives the same file, byte for byte. Nobody here is real: the
customers follow a rule that we chose, plus noise, so that a model has
something to find and something it can never know.
"""

import argparse
import csv
import math
import random
import sys

HEADER = [
    "tenure_months",
    "monthly_charge",
    "support_calls",
    "contract_months",
    "late_payments",
    "is_paperless",
    "churned",
]

DEFAULT_SEED = 5
DEFAULT_ROWS = 860


def customer(rng):
    """One customer as a list in the order of HEADER."""
    tenure = min(72, 1 + int(rng.expovariate(1 / 20)))
    charge = round(min(130.0, max(18.0, rng.gauss(68, 22))), 2)
    contract = rng.choices([1, 12, 24], weights=[55, 25, 20])[0]
    calls = count(rng, 1.8)
    late = count(rng, 0.9)
    paperless = int(rng.random() < 0.58)

    # People leave early or stay: the first months weigh most. A call annoys
    # whoever can leave next month, and helps whoever is bound for two years.
    calls_weigh = {1: 1.0, 12: 0.0, 24: -0.7}[contract]
    score = (
        -1.3
        - 1.6 * (math.log1p(tenure) - 2.6)
        + 0.024 * (charge - 68)
        + calls_weigh * (calls - 0.6)
        - {1: 0.0, 12: 0.6, 24: 0.8}[contract]
        + 0.5 * late
        + 0.25 * paperless
        + rng.gauss(0, 0.5)
    )
    churned = int(rng.random() < 1 / (1 + math.exp(-score)))
    return [tenure, f"{charge:.2f}", calls, contract, late, paperless, churned]


def count(rng, mean):
    """A Poisson number by Knuth's product of uniforms."""
    limit, product, number = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--rows", type=int, default=DEFAULT_ROWS)
    options = parser.parse_args()

    rng = random.Random(options.seed)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(HEADER)
    for _ in range(options.rows):
        writer.writerow(customer(rng))


if __name__ == "__main__":
    main()
