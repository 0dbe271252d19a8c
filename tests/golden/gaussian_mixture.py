"""Gaussian mixtures of Fisher's irises by scikit-learn, for GaussianMixtureTests.

    python3 tests/golden/gaussian_mixture.py > tests/golden/gaussian_mixture.json

Made with scikit-learn 1.2.1 (reg_covar 1e-6), by EM until the mean log-likelihood gains less than 1e-12. 'log_likelihood' is the mean of
a row, in nats; weights are in ascending order, 'covariances' the sum of all elements.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.mixture import GaussianMixture

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "../../deploy/jobs/data/iris.csv")) as file:
    rows = list(csv.reader(file))
x = numpy.array(rows[1:], dtype=float)[:, :4]
results = []
for components in (1, 2, 3):
    for ours, theirs in (("full", "full"), ("tied", "tied"), ("diagonal", "diag"), ("spherical", "spherical")):
        model = GaussianMixture(components, covariance_type=theirs, tol=1e-12, max_iter=100000, random_state=0, n_init=10).fit(x)
        results.append({
            "components": components, "covariance": ours, "log_likelihood": float(model.score(x)), "bic": float(model.bic(x)), "aic": float(model.aic(x)),
            "weights": sorted(model.weights_.tolist()), "covariances": float(model.covariances_.sum()),
        })
json.dump({"scikit-learn": sklearn.__version__, "results": results}, sys.stdout, indent=1)
print()
