"""Principal components of iris.csv and digits.csv by scikit-learn, for PcaTests.

    python3 tests/golden/pca.py > tests/golden/pca.json

Made with scikit-learn 1.2.1, by singular values, without the column target. In each component the element of largest magnitude is made positive, as
scikit-learn does since 1.5.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.decomposition import PCA

here = os.path.dirname(os.path.abspath(__file__))


def table(name):
    with open(os.path.join(here, "../../deploy/jobs/data", name)) as file:
        rows = list(csv.reader(file))
    return numpy.array(rows[1:], dtype=float)[:, :-1]


def described(name, components, scaled):
    x = table(name)
    if scaled:
        x = (x - x.mean(axis=0)) / x.std(axis=0)
    model = PCA(n_components=components, svd_solver="full").fit(x)
    signs = numpy.sign(model.components_[numpy.arange(components), numpy.abs(model.components_).argmax(axis=1)])
    directions = model.components_ * signs[:, None]
    projected = (x - model.mean_) @ directions.T
    lost = ((x - model.mean_ - projected @ directions) ** 2).sum(axis=1).mean()
    return {
        "data": name, "scale": "standard" if scaled else "none", "explained_variance": model.explained_variance_.tolist(),
        "explained_variance_ratio": model.explained_variance_ratio_.tolist(), "singular_values": model.singular_values_.tolist(),
        "components": directions.tolist(), "reconstruction_error": float(lost), "first_rows": projected[:3].tolist(),
        "first_rows_whitened": (projected[:3] / numpy.sqrt(model.explained_variance_)).tolist(),
    }


json.dump({"scikit-learn": sklearn.__version__, "results": [
    described("iris.csv", 4, False), described("iris.csv", 2, False), described("iris.csv", 4, True), described("digits.csv", 10, False),
]}, sys.stdout, indent=1)
print()
