"""Curves of scores by scikit-learn, for RocCurveTests, PrecisionRecallCurveTests and CalibrationTests; silhouettes and the plane of the irises.

    python3 tests/golden/evaluation.py > tests/golden/evaluation.json

Made with scikit-learn 1.2.1. Of each case: scores and whether each row is of the class, then the points of roc_curve (all thresholds kept) and
roc_auc_score; precision_recall_curve (from the highest threshold to the lowest) and average_precision_score; the bins of calibration_curve with
ten of equal width, and the expected calibration error, summed here over the same bins. The first case is the example of scikit-learn's
documentation of roc_auc_score and average_precision_score (0.75 and 0.83). Of the irises, with their species as clusters: silhouette_samples, and the
first two components of PCA with the shares of the variance and the coordinates of each row.
"""
import csv, json, os, sys
import numpy
from sklearn.calibration import calibration_curve
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_samples
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

random = numpy.random.RandomState(7)


def case(name, scores, positives):
    scores, positives = numpy.asarray(scores, dtype=float), numpy.asarray(positives, dtype=int)
    x, y, _ = roc_curve(positives, scores, drop_intermediate=False)
    precision, recall, thresholds = precision_recall_curve(positives, scores)
    share, mean = calibration_curve(positives, scores, n_bins=10)
    bins = numpy.searchsorted(numpy.linspace(0, 1, 11)[1:-1], scores)
    rows = numpy.bincount(bins, minlength=10)
    rows = rows[rows > 0]
    return {
        "name": name, "scores": scores.tolist(), "positives": positives.tolist(),
        "roc": [x.tolist(), y.tolist()], "area": float(roc_auc_score(positives, scores)),
        "recall": recall[:-1][::-1].tolist(), "precision": precision[:-1][::-1].tolist(), "average_precision": float(average_precision_score(positives, scores)),
        "bins": [rows.tolist(), mean.tolist(), share.tolist()], "expected_error": float((rows / rows.sum() * numpy.abs(share - mean)).sum()),
    }


def drawn(rows, places, skew):
    scores = random.uniform(size=rows)
    return numpy.round(scores, places), random.uniform(size=rows) < scores ** skew


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../deploy/jobs/data/iris.csv")) as file:
    lines = list(csv.reader(file))[1:]
irises = numpy.array([line[:-1] for line in lines], dtype=float)
species = [line[-1] for line in lines]
clusters = numpy.array([sorted(set(species)).index(name) for name in species])
plane = PCA(2).fit(irises)
axes = plane.components_ * numpy.sign(plane.components_[[0, 1], numpy.abs(plane.components_).argmax(axis=1)])[:, None]

json.dump({"silhouettes": silhouette_samples(irises, clusters).tolist(), "axes": axes.ravel().tolist(), "shares": plane.explained_variance_ratio_.tolist(),
           "coordinates": ((irises - plane.mean_) @ axes.T).ravel().tolist(), "results": [
    case("documentation", [0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]),
    case("calibrated", *drawn(200, 17, 1)),
    case("ties", *drawn(120, 1, 2)),
    case("all alike", [0.5] * 6, [0, 1, 1, 0, 0, 1]),
    case("perfect", [0.0, 0.2, 0.9, 1.0], [0, 0, 1, 1]),
    case("reversed", [1.0, 0.7, 0.3, 0.0], [0, 0, 1, 1]),
]}, sys.stdout)
print()
