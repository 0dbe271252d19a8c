"""Paths of the lasso and the elastic net on diabetes.csv by scikit-learn, for PenaltyPathTests.

    python3 tests/golden/lasso_path_diabetes.py > tests/golden/lasso_path_diabetes.json

All rows, columns scaled to mean 0 and deviation 1 (divided by n) and the target centred; tol 1e-14.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.linear_model import enet_path, lasso_path

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "../../deploy/jobs/data/diabetes.csv")) as file:
    rows = list(csv.reader(file))
table = numpy.array(rows[1:], dtype=float)
x, y = table[:, :-1], table[:, -1]
x = (x - x.mean(axis=0)) / x.std(axis=0)
settings = {"tol": 1e-14, "max_iter": 10_000_000, "n_alphas": 12, "eps": 1e-3}
results = []
for ratio in (1.0, 0.5):
    find = lasso_path if ratio == 1 else lambda *a, **k: enet_path(*a, l1_ratio=ratio, **k)
    alphas, coefficients, _ = find(x, y - y.mean(), **settings)
    results.append({"l1_ratio": ratio, "alphas": alphas.tolist(), "coefficients": coefficients.T.tolist()})
json.dump({"scikit-learn": sklearn.__version__, "results": results}, sys.stdout, indent=1)
print()
