"""Mini-batch K-means by scikit-learn, for MiniBatchStepTests.

    python3 tests/golden/mini_batch_kmeans.py FOLDER > tests/golden/mini_batch_kmeans.json

FOLDER holds iris.csv and digits.csv. Made with scikit-learn 1.2.1: batches of 64 rows of iris and 256 of digits, 10 passes, the best of 10 starts, the
inertia of all rows, a mean over five random states; beside it that of Lloyd's steps.
"""
import csv, json, os, sys
import numpy, sklearn
from sklearn.cluster import KMeans, MiniBatchKMeans


def read(name):
    with open(os.path.join(sys.argv[1], name + ".csv")) as file:
        return numpy.array([row[:-1] for row in list(csv.reader(file))[1:]], dtype=float)


def inertia(x, model):
    model.fit(x)
    return float(numpy.min(((x[:, None, :] - model.cluster_centers_) ** 2).sum(axis=2), axis=1).sum())


results = []
for name, clusters, batch in (("iris", 3, 64), ("digits", 10, 256)):
    x = read(name)
    mini = [inertia(x, MiniBatchKMeans(clusters, batch_size=batch, max_iter=10, n_init=10, max_no_improvement=None, random_state=s)) for s in range(5)]
    results.append({"data": name, "clusters": clusters, "batch": batch, "mini_batch": float(numpy.mean(mini)),
                    "lloyd": inertia(x, KMeans(clusters, n_init=20, random_state=0))})
json.dump({"scikit-learn": sklearn.__version__, "sets": results}, sys.stdout)
print()
