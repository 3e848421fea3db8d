#!/usr/bin/env python3
"""Fill a database with articles, or measure how long addresses take.

usage: status.py fill BROWSER-URL COUNT
       status.py measure NAME ROUNDS URL...
       status.py bare

fill asks the HTTP interface of Neo4j, which is where its Browser is, with the
password in NEO4J_PASSWORD. Articles are spread over three years up to today; those
of the last 30 days have five claims each, and report one of 2,000 breaches. bare
takes from articles on standard input what was extracted from them.
"""
import base64
import json
import os
import statistics
import sys
import time
import urllib.parse
import urllib.request

BATCH = 20_000
FILL = """
UNWIND range($from, $to) AS n
WITH n, datetime() - duration({minutes: toInteger(n * 1576800.0 / $count)}) AS published
CREATE (a:Article {url: 'https://bench.example/' + n, title: 'Article ' + n + ' about a data breach', published: published,
                   language: 'en', wordCount: 400, extractor: 'bench'})
WITH a, n WHERE n * 1576800.0 / $count < 43200
MERGE (b:Breach {id: 'bench-' + (n % 2000)})
ON CREATE SET b.name = 'Bench breach ' + (n % 2000), b.disclosed = date(), b.articles = 1
CREATE (a)-[:REPORTS {primary: true, report: '1'}]->(b)
WITH a, n UNWIND range(1, 5) AS m
CREATE (:Claim {id: 'bench-' + n + '-' + m, type: 'EXPOSED', status: 'reported'})-[:STATED_IN]->(a)
"""


def fill(browser, count):
    parts = urllib.parse.urlsplit(browser)
    url = f"{parts.scheme}://{parts.netloc}/db/neo4j/tx/commit"
    secret = base64.b64encode(("neo4j:" + os.environ["NEO4J_PASSWORD"]).encode()).decode()
    for first in range(0, count, BATCH):
        statement = {"statement": FILL, "parameters": {"from": first, "to": min(first + BATCH, count) - 1, "count": count}}
        request = urllib.request.Request(url, json.dumps({"statements": [statement]}).encode(),
                                         {"Content-Type": "application/json", "Authorization": "Basic " + secret})
        with urllib.request.urlopen(request, timeout=600) as answer:
            errors = json.load(answer)["errors"]
        if errors:
            sys.exit(f"status.py: {errors[0]['message']}")


def measure(name, rounds, urls):
    for url in urls:
        took = []
        for _ in range(rounds):
            start = time.perf_counter()
            with urllib.request.urlopen(url, timeout=60) as answer:
                size = len(answer.read())
            took.append((time.perf_counter() - start) * 1000)
            time.sleep(0.2)  # as nobody asks without a pause, and addresses may only ask so often
        took.sort()
        print(f"{name}: {urllib.parse.urlsplit(url).path:10} median {statistics.median(took):.1f} ms, "
              f"95 % {took[int(rounds * 0.95) - 1]:.1f} ms, most {took[-1]:.1f} ms, {size} bytes", flush=True)


def bare():
    for line in sys.stdin:
        article = json.loads(line)["article"]
        print(json.dumps({name: article[name] for name in ("url", "title", "text", "published") if name in article}))


if sys.argv[1] == "fill":
    fill(sys.argv[2], int(sys.argv[3]))
elif sys.argv[1] == "bare":
    bare()
else:
    measure(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
