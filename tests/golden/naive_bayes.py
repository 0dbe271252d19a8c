"""Naive Bayes on small data sets by scikit-learn, for NaiveBayesTests.

    python3 tests/golden/naive_bayes.py > tests/golden/naive_bayes.json

Made with scikit-learn 1.2.1, fitted on all rows as they stand in the file. Wine, which is not shipped, is scikit-learn's own copy.
'predictions' is the class number of each row in file order; 'log_loss' the mean of -ln of the probability of the actual class;
'means' and 'variances' are the sums over all classes and columns, weighted by 1, 2, 3, ... in row-major order.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.datasets import load_wine
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB

here = os.path.dirname(os.path.abspath(__file__))


def table(name):
    if name == "wine":
        return load_wine(return_X_y=True)
    with open(os.path.join(here, "../../deploy/jobs/data", name + ".csv")) as file:
        rows = list(csv.reader(file))
    numbers = numpy.array(rows[1:], dtype=float)
    return numbers[:, :-1], numbers[:, -1].astype(int)


def weighted(matrix):
    return float((matrix.ravel() * numpy.arange(1, matrix.size + 1)).sum())


def result(source, distribution, smoothing, model):
    x, y = table(source)
    model.fit(x, y)
    joint = model.predict_joint_log_proba(x)
    log_proba = joint - numpy.logaddexp.reduce(joint, axis=1)[:, None]
    found = {
        "source": source, "distribution": distribution, "smoothing": smoothing, "accuracy": float(model.score(x, y)),
        "log_loss": float(-log_proba[numpy.arange(len(y)), y].mean()), "predictions": "".join(str(p) for p in model.predict(x)),
    }
    if distribution == "gaussian":
        found |= {"means": weighted(model.theta_), "variances": weighted(model.var_)}
    else:
        found |= {"probabilities": weighted(numpy.exp(model.feature_log_prob_))}
    return found


results = [result(source, "gaussian", 1e-9, GaussianNB()) for source in ("iris", "wine", "breast_cancer", "digits")]
results += [result(source, "multinomial", alpha, MultinomialNB(alpha=alpha)) for source in ("iris", "digits") for alpha in (1.0, 0.1)]
results += [result("digits", "bernoulli", alpha, BernoulliNB(alpha=alpha)) for alpha in (1.0, 0.1)]
json.dump({"scikit-learn": sklearn.__version__, "results": results}, sys.stdout, indent=1)
print()
