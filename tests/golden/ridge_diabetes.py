"""Coefficients of ridge regression on diabetes.csv by scikit-learn, for RidgeTests.

    python3 tests/golden/ridge_diabetes.py > tests/golden/ridge_diabetes.json

Made with scikit-learn 1.2.1, by singular values. The columns are as they stand in the file.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.linear_model import Ridge

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "../../deploy/jobs/data/diabetes.csv")) as file:
    rows = list(csv.reader(file))
table = numpy.array(rows[1:], dtype=float)
x, y = table[:, :-1], table[:, -1]
results = []
for alpha in (0.01, 1.0, 100.0):
    model = Ridge(alpha=alpha, solver="svd").fit(x, y)
    results.append({
        "alpha": alpha, "intercept": float(model.intercept_), "coefficients": model.coef_.tolist(), "r2": float(model.score(x, y)),
    })
json.dump({"scikit-learn": sklearn.__version__, "results": results}, sys.stdout, indent=1)
print()
