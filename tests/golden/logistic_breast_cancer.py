"""Coefficients of L2-penalised logistic regression on breast_cancer.csv by scikit-learn, for LogisticNewtonLearnerTests.

    python3 tests/golden/logistic_breast_cancer.py > tests/golden/logistic_breast_cancer.json

Made with scikit-learn 1.2.1. The features are standardised (population standard deviation); C is scikit-learn's penalty,
l2 = 1 / (2 C n) is the same penalty in the terms of a job file.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.linear_model import LogisticRegression

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "../../deploy/jobs/data/breast_cancer.csv")) as file:
    rows = list(csv.reader(file))
table = numpy.array(rows[1:], dtype=float)
x, y = table[:, :-1], table[:, -1].astype(int)
x = (x - x.mean(axis=0)) / x.std(axis=0)
results = []
for c in (1.0, 0.01, 100.0):
    model = LogisticRegression(C=c, tol=1e-12, max_iter=1000, solver="newton-cholesky").fit(x, y)
    p = model.predict_proba(x)
    results.append({
        "C": c, "l2": 1 / (2 * c * len(y)), "intercept": model.intercept_[0], "coefficients": model.coef_[0].tolist(),
        "accuracy": model.score(x, y), "log_loss": float(-numpy.log(p[numpy.arange(len(y)), y]).mean()),
    })
json.dump({"scikit-learn": sklearn.__version__, "results": results}, sys.stdout, indent=1)
print()
