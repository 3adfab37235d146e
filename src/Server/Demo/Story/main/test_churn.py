"""python3 -m unittest"""

import math
import unittest

import features
import model as learning


class Metrics(unittest.TestCase):
    def test_auc_counts_pairs_in_the_right_order(self):
        self.assertEqual(learning.auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.75)

    def test_auc_counts_a_tie_half(self):
        self.assertEqual(learning.auc([0, 1], [0.5, 0.5]), 0.5)

    def test_a_certain_mistake_costs_much_but_not_infinitely(self):
        self.assertTrue(20 < learning.log_loss([1], [0.0]) < 30)

    def test_the_roc_curve_goes_from_corner_to_corner(self):
        points = learning.roc_points([0, 1, 1], [0.2, 0.2, 0.9])
        self.assertEqual((points[0], points[-1]), ((0.0, 0.0), (1.0, 1.0)))


class Model(unittest.TestCase):
    def test_sigmoid_survives_large_numbers(self):
        self.assertEqual([learning.sigmoid(z) for z in (-900, 0, 900)], [0.0, 0.5, 1.0])

    def test_it_learns_a_line(self):
        rows = [[x / 10] for x in range(-20, 21) if x]
        targets = [int(row[0] > 0) for row in rows]
        model = learning.LogisticRegression(1)
        for _ in model.fit(rows, targets, learning_rate=0.5, l2=0.0, epochs=50, seed=1):
            pass
        self.assertEqual(learning.auc(targets, model.predict(rows)), 1.0)


class Features(unittest.TestCase):
    def test_a_split_loses_nobody_and_repeats_nobody(self):
        rows = [[float(i)] for i in range(100)]
        parts = features.split(rows, [0] * 100, seed=3)
        self.assertEqual([len(part[0]) for part in parts], [60, 15, 25])
        self.assertEqual(sorted(row for part in parts for row in part[0]), rows)

    def test_scaled_columns_have_mean_0_and_deviation_1(self):
        rows = [[1.0, 10.0], [3.0, 30.0], [5.0, 20.0]]
        scaler = features.Scaler(rows)
        for column in zip(*map(scaler, rows)):
            self.assertAlmostEqual(sum(column), 0.0)
            self.assertAlmostEqual(math.sqrt(sum(x * x for x in column) / 3), 1.0)


if __name__ == "__main__":
    unittest.main()
