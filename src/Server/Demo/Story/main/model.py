"""Logistic regression and the numbers by which we judge it."""

import math
import random


def sigmoid(z):
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    e = math.exp(z)
    return e / (1.0 + e)


class LogisticRegression:
    """P(y = 1 | x) = sigmoid(w.x + b), found by mini-batch gradient descent."""

    def __init__(self, width):
        self.weights = [0.0] * width
        self.bias = 0.0

    def predict(self, rows):
        weights, bias = self.weights, self.bias
        return [sigmoid(sum(w * x for w, x in zip(weights, row)) + bias) for row in rows]

    def fit(self, rows, targets, learning_rate, l2, epochs, seed, batch_size=4):
        """Yields the number of every epoch done, so that the caller can look."""
        rng = random.Random(seed)
        order = list(range(len(rows)))
        for epoch in range(1, epochs + 1):
            rng.shuffle(order)
            # A step that shrinks slowly lets the last epochs settle.
            rate = learning_rate / (1.0 + 0.01 * epoch)
            for start in range(0, len(order), batch_size):
                batch = order[start:start + batch_size]
                self.step([rows[i] for i in batch], [targets[i] for i in batch], rate, l2)
            yield epoch

    def step(self, rows, targets, rate, l2):
        errors = [p - y for p, y in zip(self.predict(rows), targets)]
        for j, column in enumerate(zip(*rows)):
            slope = sum(e * x for e, x in zip(errors, column)) / len(rows)
            self.weights[j] -= rate * (slope + l2 * self.weights[j])
        self.bias -= rate * sum(errors) / len(rows)


def log_loss(targets, chances):
    """Mean surprise in nats; lower is better."""
    tiny = 1e-12
    total = 0.0
    for y, p in zip(targets, chances):
        total -= math.log(max(tiny, p if y else 1.0 - p))
    return total / len(targets)


def brier(targets, chances):
    """Mean squared distance from the truth; lower is better."""
    return sum((p - y) ** 2 for y, p in zip(targets, chances)) / len(targets)


def accuracy(targets, chances):
    return sum((p >= 0.5) == bool(y) for y, p in zip(targets, chances)) / len(targets)


def auc(targets, chances):
    """The chance that a leaver gets a higher score than a stayer (ties count half)."""
    ranked = sorted(zip(chances, targets))
    positives = sum(targets)
    negatives = len(targets) - positives
    if not positives or not negatives:
        raise ValueError("auc needs customers who left and customers who stayed")
    wins = i = 0
    below = 0  # stayers with a lower score than the group of ties at i
    while i < len(ranked):
        j = i
        while j < len(ranked) and ranked[j][0] == ranked[i][0]:
            j += 1
        left = sum(y for _, y in ranked[i:j])
        stayed = j - i - left
        wins += left * (below + stayed / 2)
        below += stayed
        i = j
    return wins / (positives * negatives)


def roc_points(targets, chances):
    """(false alarm rate, hit rate) from the strictest threshold to the loosest."""
    positives = sum(targets)
    negatives = len(targets) - positives
    points, hits, alarms, last = [(0.0, 0.0)], 0, 0, None
    for p, y in sorted(zip(chances, targets), reverse=True):
        if last is not None and p != last:
            points.append((alarms / negatives, hits / positives))
        hits, alarms, last = hits + y, alarms + 1 - y, p
    points.append((1.0, 1.0))
    return points
