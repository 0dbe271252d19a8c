"""Lasso and elastic net on diabetes.csv by scikit-learn, for LassoTests and ElasticNetTests.

    python3 tests/golden/lasso_diabetes.py > tests/golden/lasso_diabetes.json

Made with scikit-learn 1.2.1, tol 1e-12, all rows. Columns as they stand in the file, and scaled to mean 0 and deviation 1 (of all rows, divided
by n); coefficients are of the columns as they were fitted.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.linear_model import ElasticNet

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "../../deploy/jobs/data/diabetes.csv")) as file:
    rows = list(csv.reader(file))
table = numpy.array(rows[1:], dtype=float)
x, y = table[:, :-1], table[:, -1]
scaled = (x - x.mean(axis=0)) / x.std(axis=0)
results = []
for scale, columns in (("none", x), ("standard", scaled)):
    for ratio in (1.0, 0.5, 0.1):
        for alpha in (0.05, 1.0, 10.0):
            model = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-12, max_iter=10_000_000).fit(columns, y)
            results.append({
                "scale": scale, "alpha": alpha, "l1_ratio": ratio, "intercept": float(model.intercept_), "coefficients": model.coef_.tolist(),
                "r2": float(model.score(columns, y)),
            })
json.dump({"scikit-learn": sklearn.__version__, "results": results}, sys.stdout, indent=1)
print()
