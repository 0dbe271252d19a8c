"""Random forests by scikit-learn, for ForestLearnerTests.

    python3 tests/golden/forests.py FOLDER > tests/golden/forests.json

FOLDER holds iris.csv, wine.csv, breast_cancer.csv, digits.csv and diabetes.csv. Made with scikit-learn 1.2.1.

Forests of 100 trees, all else as scikit-learn has it, but that of diabetes a node looks at a third of the columns. Figures on rows that were held
out are means over four parts (row number modulo 4) and five random states; out-of-bag scores and importances are of all rows, means over five
states. Accuracy, of diabetes r2. Permuted: what a tree loses on the rows that it has not drawn if a column has the values of other rows of the set,
accuracy or mean squared error, a mean over trees and rows.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.ensemble._forest import _generate_unsampled_indices

STATES = 5


def read(name):
    with open(os.path.join(sys.argv[1], name + ".csv")) as file:
        rows = list(csv.reader(file))
    x = numpy.array([row[:-1] for row in rows[1:]], dtype=float)
    y = [row[-1] for row in rows[1:]]
    return x, numpy.array(y, dtype=float) if name == "diabetes" else numpy.array(y)


def make(name, state):
    if name == "diabetes":
        return RandomForestRegressor(100, max_features=1 / 3, oob_score=True, random_state=state)
    return RandomForestClassifier(100, oob_score=True, random_state=state)


def permuted(forest, x, y, state):
    random, lost, pairs = numpy.random.RandomState(state), numpy.zeros(x.shape[1]), 0
    for tree in forest.estimators_:
        out = _generate_unsampled_indices(tree.random_state, len(x), len(x))
        wanted = numpy.searchsorted(forest.classes_, y[out]) if hasattr(forest, "classes_") else y[out]

        def loss(rows):
            said = tree.tree_.predict(rows.astype(numpy.float32))
            return float(numpy.sum(numpy.argmax(said, axis=1) != wanted) if hasattr(forest, "classes_") else numpy.sum((said[:, 0] - wanted) ** 2))

        usual, pairs = loss(x[out]), pairs + len(out)
        for column in range(x.shape[1]):
            rows = x[out].copy()
            rows[:, column] = x[random.randint(len(x), size=len(out)), column]
            lost[column] += loss(rows) - usual
    return lost / pairs


results = []
for name in ("iris", "wine", "breast_cancer", "digits", "diabetes"):
    x, y = read(name)
    tests = [numpy.arange(len(x)) % 4 == k for k in range(4)]
    held = numpy.mean([make(name, s).fit(x[~t], y[~t]).score(x[t], y[t]) for s in range(STATES) for t in tests])
    whole = [make(name, s).fit(x, y) for s in range(STATES)]
    results.append({
        "data": name, "held_out": float(held), "out_of_bag": float(numpy.mean([f.oob_score_ for f in whole])),
        **({} if name == "digits" else {"permuted": numpy.mean([permuted(f, x, y, s) for s, f in enumerate(whole)], axis=0).tolist()}),
        "importances": numpy.mean([f.feature_importances_ for f in whole], axis=0).tolist(),
    })
json.dump({"scikit-learn": sklearn.__version__, "forests": results}, sys.stdout)
print()
