"""What a user would train instead, for side-by-side timing.

Reads one JSON object a line: {"folder", "rows", "columns", "testRows"} loads a data set that the bench wrote as raw
numbers, {"learner"} fits that learner once and answers {"fit", "predict", "auc"}: seconds, rows a second, area.
"""
import json
import sys
import time

import lightgbm
import numpy
import sklearn
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import roc_auc_score

THREADS = 2
LEARNERS = {
    "scikit-learn forest": lambda: RandomForestClassifier(100, n_jobs=THREADS, random_state=0),
    "HistGradientBoosting": lambda: HistGradientBoostingClassifier(
        max_iter=300, early_stopping=False, random_state=0
    ),
    "LightGBM": lambda: lightgbm.LGBMClassifier(
        n_estimators=300, n_jobs=THREADS, verbose=-1, random_state=0
    ),
    "XGBoost": lambda: xgboost.XGBClassifier(
        n_estimators=300, tree_method="hist", n_jobs=THREADS, random_state=0
    ),
}


def load(folder, rows, columns):
    x = numpy.fromfile(f"{folder}/x", dtype=numpy.float64).reshape(columns, rows)
    return numpy.ascontiguousarray(x.T), numpy.fromfile(f"{folder}/y", dtype=numpy.uint8)


def run(learner, x, y, x_test, y_test):
    model = LEARNERS[learner]()
    start = time.perf_counter()
    model.fit(x, y)
    fit = time.perf_counter() - start
    predict = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        p = model.predict_proba(x_test)[:, 1]
        predict = min(predict, time.perf_counter() - start)
    return {"fit": fit, "predict": len(x_test) / predict, "auc": roc_auc_score(y_test, p)}


versions = {module.__name__: module.__version__ for module in (sklearn, lightgbm, xgboost)}
print(json.dumps({"versions": versions}), flush=True)
data = None
for line in sys.stdin:
    order = json.loads(line)
    if "folder" in order:
        train = load(order["folder"] + "/train", order["rows"], order["columns"])
        data = (*train, *load(order["folder"] + "/test", order["testRows"], order["columns"]))
        print("{}", flush=True)
    else:
        print(json.dumps(run(order["learner"], *data)), flush=True)
