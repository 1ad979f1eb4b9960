"""Scans standard input with vectorscan (or Hyperscan) for the patterns in the arguments; prints the CPU seconds that took.

Only the scan counts: no start-up, no compilation, no output, and matches are counted by nobody.
"""

import ctypes
import ctypes.util
import sys
import time

BLOCK, UTF8_OFF = 1, 0
CHUNK = 256 << 10

library = ctypes.util.find_library("hs")
if library is None:
    sys.exit("vectorscan is not installed (libvectorscan5)")
hs = ctypes.CDLL(library)
patterns = [pattern.encode() for pattern in sys.argv[1:]]
count = len(patterns)
database, scratch, error = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
status = hs.hs_compile_multi(
    (ctypes.c_char_p * count)(*patterns),
    (ctypes.c_uint * count)(*[UTF8_OFF] * count),
    (ctypes.c_uint * count)(*range(count)),
    ctypes.c_uint(count),
    ctypes.c_uint(BLOCK),
    None,
    ctypes.byref(database),
    ctypes.byref(error),
)
if status != 0 or hs.hs_alloc_scratch(database, ctypes.byref(scratch)) != 0:
    sys.exit(f"vectorscan does not take these patterns: {status}")
text = sys.stdin.buffer.read()
address = ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p).value
start = time.process_time()
at = 0
while at < len(text):
    # Whole lines, as everybody else reads them.
    end = len(text) if len(text) - at <= CHUNK else text.rfind(b"\n", at, at + CHUNK) + 1
    end = end if end > at else min(len(text), at + CHUNK)
    status = hs.hs_scan(database, ctypes.c_void_p(address + at), ctypes.c_uint(end - at), 0, scratch, None, None)
    if status != 0:
        sys.exit(f"the scan ended with {status}")
    at = end
print(f"{time.process_time() - start:.6f}")
