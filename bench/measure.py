#!/usr/bin/env python3
"""Run a command and print what it took: seconds of processor, seconds of clock, and
the most memory it held, in MB. What the command itself prints is thrown away.

usage: measure.py COMMAND [ARGUMENT...]
"""
import os
import subprocess
import sys
import time


def main():
    start = time.monotonic()
    child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    elapsed = time.monotonic() - start
    if status != 0:
        sys.exit(f"measure.py: {sys.argv[1]} failed")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes elsewhere
    print(f"{used.ru_utime + used.ru_stime:.2f} {elapsed:.2f} {used.ru_maxrss / unit:.0f}")


main()
