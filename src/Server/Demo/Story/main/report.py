#!/usr/bin/env python3
"""Reads what every candidate left in out/ and writes out/report.md, best first."""

import glob
import json
import sys


def main():
    found = []
    for path in glob.glob("out/*/metrics.json"):
        with open(path, encoding="utf-8") as file:
            found.append(json.load(file))
    if not found:
        print("report.py: no out/*/metrics.json here; run train.py first", file=sys.stderr)
        return 1

    found.sort(key=lambda one: -one["metrics"]["auc"])
    columns = list(found[0]["metrics"])
    lines = [
        "| candidate | " + " | ".join(columns) + " |",
        "|---|" + "--:|" * len(columns),
    ]
    for one in found:
        cells = [f"{one['metrics'][column]:.4f}" for column in columns]
        lines.append(f"| {one['name']} | " + " | ".join(cells) + " |")

    text = "\n".join(lines) + "\n"
    with open("out/report.md", "w", encoding="utf-8") as file:
        file.write("# Candidates\n\n" + text)
    print(text)
    print(f"best by auc: {found[0]['name']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
