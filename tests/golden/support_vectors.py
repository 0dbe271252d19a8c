"""Support vector machines by LIBSVM through scikit-learn, for SupportVectorLearnerTests.

    python3 tests/golden/support_vectors.py FOLDER > tests/golden/support_vectors.json

FOLDER holds iris.csv, wine.csv, breast_cancer.csv, digits.csv and diabetes.csv. Made with scikit-learn 1.2.1. Rows whose number modulo 4 is 0
are held out; columns are standardized by the others (n in the divisor), those of digits divided by 16. LIBSVM's tolerance is 1e-7.
'objective' is LIBSVM's dual objective of each pair, computed from its coefficients; 'rho' its own. Classes are in ascending order, the first
of a pair positive. 'said' are the predictions of the held-out rows. Where the loss is squared the model is LIBLINEAR's, its intercept all but
unpenalised, and the objective is minus its primal one.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.svm import SVC, SVR, LinearSVC


def read(name):
    with open(os.path.join(sys.argv[1], name + ".csv")) as file:
        rows = list(csv.reader(file))
    x = numpy.array([row[:-1] for row in rows[1:]], dtype=float)
    y = numpy.array([row[-1] for row in rows[1:]], dtype=float)
    held = numpy.arange(len(x)) % 4 == 0
    scaled = x / 16 if name == "digits" else (x - x[~held].mean(0)) / x[~held].std(0)
    return scaled[~held], y[~held], scaled[held]


def parameters(settings, x):
    given = dict(setting.split("=") for setting in settings.split())
    gamma = given.get("gamma", "scale")
    return {
        "kernel": {"polynomial": "poly"}.get(given.get("kernel", "rbf"), given.get("kernel", "rbf")), "C": float(given.get("c", 1)),
        "gamma": 1 / (x.shape[1] * x.var()) if gamma == "scale" else float(gamma), "degree": int(given.get("degree", 3)), "coef0": float(given.get("coefficient", 0)),
    }, float(given.get("epsilon", 0.1)), given.get("task") == "regression", given.get("loss") == "squared-hinge"


def matrix(p, x):
    names = {"linear": [], "rbf": ["gamma"], "poly": ["gamma", "degree", "coef0"], "sigmoid": ["gamma", "coef0"]}[p["kernel"]]
    return pairwise_kernels(x, metric=p["kernel"], **{name: p[name] for name in names})


def classes(p, x, y, held):
    model = SVC(tol=1e-7, cache_size=500, **p).fit(x, y)
    starts, vectors = numpy.concatenate([[0], numpy.cumsum(model.n_support_)]), model.support_vectors_
    objectives, rho, pair = [], [], 0
    k = len(model.classes_)
    for a in range(k):
        for b in range(a + 1, k):
            of_a, of_b = slice(starts[a], starts[a + 1]), slice(starts[b], starts[b + 1])
            coef = numpy.concatenate([model.dual_coef_[b - 1, of_a], model.dual_coef_[a, of_b]])
            kernel = matrix(p, numpy.concatenate([vectors[of_a], vectors[of_b]]))
            objectives.append(float(coef @ kernel @ coef / 2 - numpy.abs(coef).sum()))
            rho.append(float(-model.intercept_[pair] if k > 2 else model.intercept_[0]))        # scikit-learn turns the sign of two classes
            pair += 1
    return {"support": model.n_support_.tolist(), "objective": objectives, "rho": rho, "said": model.predict(held).tolist()}


def numbers(p, epsilon, x, y, held):
    model = SVR(tol=1e-7, cache_size=500, epsilon=epsilon, **p).fit(x, y)
    coef = model.dual_coef_[0]
    objective = coef @ matrix(p, model.support_vectors_) @ coef / 2 - coef @ y[model.support_] + epsilon * numpy.abs(coef).sum()
    return {"support": [len(coef)], "objective": [float(objective)], "rho": [float(-model.intercept_[0])], "said": model.predict(held).tolist()}


def squared(c, x, y, held):
    model = LinearSVC(loss="squared_hinge", dual=False, C=c, intercept_scaling=1e4, tol=1e-12, max_iter=100000).fit(x, y)
    sides = numpy.where(y == model.classes_[1], 1, -1)
    short = numpy.maximum(0, 1 - sides * model.decision_function(x))
    objective = model.coef_[0] @ model.coef_[0] / 2 + c * short @ short
    return {
        "support": [int(((short > 0) & (sides < 0)).sum()), int(((short > 0) & (sides > 0)).sum())], "objective": [float(-objective)],
        "rho": [float(model.intercept_[0])], "said": model.predict(held).tolist(),
    }


cases = [
    ("iris", ""), ("iris", "kernel=linear c=10"), ("wine", "c=3 gamma=0.05"), ("breast_cancer", ""), ("breast_cancer", "kernel=linear"),
    ("breast_cancer", "kernel=polynomial degree=2 coefficient=1"), ("breast_cancer", "kernel=sigmoid gamma=0.01 coefficient=-0.5"),
    ("breast_cancer", "kernel=linear loss=squared-hinge c=0.1"), ("iris", "c=1e6 gamma=0.25"), ("digits", ""), ("digits", "kernel=linear c=0.1"),
    ("diabetes", "task=regression kernel=linear c=2 epsilon=5"), ("diabetes", "task=regression c=50 epsilon=10"), ("diabetes", "task=regression"),
]
results = []
for name, settings in cases:
    x, y, held = read(name)
    p, epsilon, regresses, squares = parameters(settings, x)
    answer = numbers(p, epsilon, x, y, held) if regresses else squared(p["C"], x, y, held) if squares else classes(p, x, y, held)
    results.append({"data": name, "settings": settings, **answer})
json.dump({"scikit-learn": sklearn.__version__, "results": results}, sys.stdout)
print()
