"""Golden values for src/evaluate/classical: scikit-learn's TF-IDF and logistic regression.

python bench/peers/tfidf.py > test/fixtures/tfidf-golden.json
python bench/peers/tfidf.py splits.json     # accuracy and seconds on {train, validation, test} records

Needs scikit-learn (the fixture was made with 1.9.1).
"""

import json
import sys
import time

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

TRAIN = [
    ("grain farming on dry land", "farm"),
    ("dairy farm, cows and milk", "farm"),
    ("apple orchard and fruit picking", "farm"),
    ("hatchery for trout", "farm"),
    ("canned milk merchant wholesalers", "trade"),
    ("fruit and vegetable wholesalers", "trade"),
    ("grain merchant", "trade"),
    ("hardware store, retail", "trade"),
    ("milk bottling plant", "plant"),
    ("steel mill", "plant"),
    ("fruit canning plant", "plant"),
    ("paper and board mill", "plant"),
    ("A to Z hardware", "trade"),
]
TEST = ["milk wholesalers", "apple farm", "grain mill", "a plant for steel hardware", "café 24/7", ""]


def union():
    return FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2))),
            ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))),
        ]
    )


def golden():
    texts, labels = [list(column) for column in zip(*TRAIN)]
    result = {"sklearn": sklearn.__version__, "train": TRAIN, "test": TEST, "models": []}
    for wanted in (["farm", "trade", "plant"], ["farm", "trade"]):
        kept = [i for i, label in enumerate(labels) if label in wanted]
        features = union()
        rows = features.fit_transform([texts[i] for i in kept])
        model = LogisticRegression(C=30, tol=1e-10, max_iter=10_000)
        model.fit(rows, [labels[i] for i in kept])
        probabilities = model.predict_proba(features.transform(TEST))
        result["models"].append(
            {
                "classes": list(model.classes_),
                "terms": len(features.get_feature_names_out()),
                "probabilities": [[round(float(p), 7) for p in row] for row in probabilities],
            }
        )
    print(json.dumps(result, ensure_ascii=False, indent=1))


def measure(path):
    splits = json.load(open(path, encoding="utf8"))
    texts = {name: ["\n".join(r["input"].values()) for r in rows] for name, rows in splits.items()}
    labels = {name: [json.dumps(r["output"]) for r in rows] for name, rows in splits.items()}
    start = time.perf_counter()
    features = union()
    rows = features.fit_transform(texts["train"])
    model = LogisticRegression(C=30, max_iter=1_000).fit(rows, labels["train"])
    print(f"scikit-learn {sklearn.__version__}: trained in {time.perf_counter() - start:.2f} s, {rows.shape[1]} terms")
    for name in ("validation", "test"):
        right = int((model.predict(features.transform(texts[name])) == labels[name]).sum())
        print(f"{name}: {right} of {len(labels[name])} right ({100 * right / len(labels[name]):.1f} %)")


measure(sys.argv[1]) if len(sys.argv) > 1 else golden()
