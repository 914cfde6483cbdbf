"""The same files decoded by torchvision on as many threads: decode.py FOLDER COUNT THREADS. Prints the seconds."""
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from torchvision.io import ImageReadMode, decode_jpeg

folder, count, threads = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(1)
files = [torch.frombuffer(bytearray(f.read_bytes()), dtype=torch.uint8) for f in sorted(folder.glob("*.jpg"))]


def decode(start):
    # The decoder lets other threads run while it works; one call a stretch, not one a file, to the pool.
    for i in range(start, min(count, start + 64)):
        decode_jpeg(files[i % len(files)], ImageReadMode.RGB)


with ThreadPoolExecutor(threads) as pool:
    list(pool.map(decode, range(0, len(files), 64)))  # warm-up
    began = time.perf_counter()
    list(pool.map(decode, range(0, count, 64)))
    print(f"{time.perf_counter() - began:.3f}")
