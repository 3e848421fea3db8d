#!/usr/bin/env python3
"""Print COUNT articles as JSON Lines, going round the files as often as it takes.

usage: articles.py COUNT FILE...

A file is a text, which is one article, or JSON Lines of {"text": ...} objects. Ids are
made anew, so that no article is taken for another. Their average length goes to
standard error.
"""
import itertools
import json
import sys


def texts(path):
    with open(path, encoding="utf-8") as f:
        if not path.endswith(".jsonl"):
            return [f.read()]
        return [json.loads(line)["text"] for line in f if line.strip()]


def main():
    count, paths = int(sys.argv[1]), sys.argv[2:]
    found = [t for path in paths for t in texts(path)]
    if not found:
        sys.exit("articles.py: no article in " + " ".join(paths))
    length = 0
    for n, text in enumerate(itertools.islice(itertools.cycle(found), count)):
        print(json.dumps({"id": f"article-{n}", "text": text}))
        length += len(text)
    print(f"{count} articles of {length / count:.0f} characters on average", file=sys.stderr)


main()
