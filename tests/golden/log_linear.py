"""Penalised logistic and softmax regressions by scikit-learn, for LogLinearLearnerTests.

    python3 tests/golden/log_linear.py > tests/golden/log_linear.json

Made with scikit-learn 1.2.1. Features are standardized (n in the divisor), those of digits divided by 16. 'l1' and 'l2' are scikit-learn's C in
the terms of a job file: l2 = 1 / (2 C n), l1 = 1 / (C n).
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.linear_model import LogisticRegression

here = os.path.dirname(os.path.abspath(__file__))


def read(name):
    with open(os.path.join(here, "../../deploy/jobs/data", name + ".csv")) as file:
        rows = list(csv.reader(file))
    table = numpy.array(rows[1:], dtype=float)
    x, y = table[:, :-1], table[:, -1].astype(int)
    return (x / 16 if name == "digits" else (x - x.mean(axis=0)) / x.std(axis=0)), y


results = []
for name, kind, penalty, c, solver in (
        ("breast_cancer", "logistic", "l2", 1.0, "newton-cholesky"), ("breast_cancer", "logistic", "l2", 0.01, "newton-cholesky"),
        ("iris", "softmax", "l2", 1.0, "newton-cg"), ("digits", "softmax", "l2", 0.1, "newton-cg"),
        ("breast_cancer", "logistic", "l1", 1.0, "saga"), ("iris", "softmax", "l1", 1.0, "saga")):
    x, y = read(name)
    model = LogisticRegression(C=c, penalty=penalty, tol=1e-12, max_iter=200000, solver=solver).fit(x, y)
    p = model.predict_proba(x)
    results.append({
        "data": name, "kind": kind, "penalty": penalty, "weight": 1 / ((2 if penalty == "l2" else 1) * c * len(y)),
        "intercept": model.intercept_.tolist(), "coefficients": model.coef_.tolist(),
        "log_loss": float(-numpy.log(p[numpy.arange(len(y)), y]).mean()), "accuracy": model.score(x, y),
    })
json.dump({"scikit-learn": sklearn.__version__, "results": results}, sys.stdout)
print()
