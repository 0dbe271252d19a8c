"""Trees and boosted trees by scikit-learn, for TreeLearnerTests and BoostingLearnerTests.

    python3 tests/golden/trees.py FOLDER > tests/golden/trees.json

FOLDER holds iris.csv, wine.csv, breast_cancer.csv, digits.csv and diabetes.csv. Made with scikit-learn 1.2.1.

scikit-learn breaks ties at random. Where whole trees are listed, of 300 random states the one is taken whose nodes, level by level, have the
smallest columns, then the smallest thresholds. Figures on rows that were held out are means over four parts (row number modulo 4), and of
trees over 20 states.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor


def read(name):
    with open(os.path.join(sys.argv[1], name + ".csv")) as file:
        rows = list(csv.reader(file))
    x = numpy.array([row[:-1] for row in rows[1:]], dtype=float)
    y = [row[-1] for row in rows[1:]]
    return x, numpy.array(y, dtype=float) if name == "diabetes" else numpy.array(y)


def nodes(tree):
    """Level by level: column (-1 for a leaf), threshold, rows."""
    t, level, out = tree.tree_, [0], []
    while level:
        for i in level:
            leaf = t.children_left[i] < 0
            out.append([-1 if leaf else int(t.feature[i]), 0.0 if leaf else float(t.threshold[i]), int(t.n_node_samples[i])])
        level = [c for i in level if t.children_left[i] >= 0 for c in (t.children_left[i], t.children_right[i])]
    return out


def whole(name, make):
    x, y = read(name)
    return min((nodes(make(state).fit(x, y)) for state in range(300)), key=lambda n: [row[:2] for row in n])


def held_out(name, make, states=20):
    x, y = read(name)
    tests = [numpy.arange(len(x)) % 4 == k for k in range(4)]
    return float(numpy.mean([make(s).fit(x[~test], y[~test]).score(x[test], y[test]) for s in range(states) for test in tests]))


C, R, HC, HR = DecisionTreeClassifier, DecisionTreeRegressor, HistGradientBoostingClassifier, HistGradientBoostingRegressor
trees = [
    ("iris", "", lambda s: C(random_state=s)),
    ("iris", "model.criterion=entropy", lambda s: C(criterion="entropy", random_state=s)),
    ("iris", "model.leaf-rows=5", lambda s: C(min_samples_leaf=5, random_state=s)),
    ("iris", "model.gain=0.02", lambda s: C(min_impurity_decrease=0.02, random_state=s)),
    ("iris", "model.pruning=0.012", lambda s: C(ccp_alpha=0.012, random_state=s)),
    ("wine", "model.depth=3", lambda s: C(max_depth=3, random_state=s)),
    ("wine", "model.criterion=entropy model.leaf-rows=3", lambda s: C(criterion="entropy", min_samples_leaf=3, random_state=s)),
    ("diabetes", "model.task=regression model.depth=3", lambda s: R(max_depth=3, random_state=s)),
    ("diabetes", "model.task=regression model.leaf-rows=5 model.pruning=60", lambda s: R(min_samples_leaf=5, ccp_alpha=60, random_state=s)),
]
scores = [
    ("iris", "tree", "", lambda s: C(random_state=s)),
    ("wine", "tree", "", lambda s: C(random_state=s)),
    ("breast_cancer", "tree", "", lambda s: C(random_state=s)),
    ("breast_cancer", "tree", "model.depth=4", lambda s: C(max_depth=4, random_state=s)),
    ("digits", "tree", "model.depth=14", lambda s: C(max_depth=14, random_state=s)),
    ("digits", "tree", "model.criterion=entropy model.depth=14", lambda s: C(max_depth=14, criterion="entropy", random_state=s)),
    ("diabetes", "tree", "model.task=regression model.depth=3", lambda s: R(max_depth=3, random_state=s)),
    ("iris", "boosting", "", lambda s: HC(random_state=s)),
    ("wine", "boosting", "", lambda s: HC(random_state=s)),
    ("breast_cancer", "boosting", "", lambda s: HC(random_state=s)),
    ("digits", "boosting", "", lambda s: HC(random_state=s)),
    ("diabetes", "boosting", "model.task=regression", lambda s: HR(random_state=s)),
    ("breast_cancer", "boosting", "model.depth=3 model.rounds=50", lambda s: HC(max_depth=3, max_leaf_nodes=None, max_iter=50, random_state=s)),
    ("diabetes", "boosting", "model.task=regression model.depth=2 model.rounds=60", lambda s: HR(max_depth=2, max_leaf_nodes=None, max_iter=60, random_state=s)),
]
json.dump({
    "scikit-learn": sklearn.__version__,
    "trees": [{"data": d, "settings": s, "nodes": whole(d, make)} for d, s, make in trees],
    "scores": [{"data": d, "kind": k, "settings": s, "score": held_out(d, make, 20 if k == "tree" else 1)} for d, k, s, make in scores],
}, sys.stdout)
print()
