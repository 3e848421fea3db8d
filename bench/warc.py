#!/usr/bin/env python3
"""Write a WARC file of saved pages, as many responses as are asked for.

usage: warc.py COUNT FOLDER >FILE.warc.gz

FOLDER holds pages as .html or .html.gz, which are gone round. Each page is told from the
others by its address and a comment, so that no two are the same.
"""
import gzip
import pathlib
import sys


def page(path):
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


def main():
    count, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    pages = [page(p) for p in sorted(folder.iterdir()) if p.name.endswith((".html", ".html.gz"))]
    for n in range(count):
        body = pages[n % len(pages)] + b"<!-- %d -->" % n
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        head = (
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-03-01T12:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-8000-8000-{n:012x}>\r\n"
            f"WARC-Target-URI: https://www.outlet-{n % 50}.example/story-{n}\r\n"
            f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        sys.stdout.buffer.write(gzip.compress(head.encode() + block + b"\r\n\r\n", 6))


if __name__ == "__main__":
    main()
