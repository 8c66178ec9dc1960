"""Which test executes which line of sim/.

The library is compiled once more so that each basic block tells a runtime of its address, which sets
a bit of the file that MUTANTS_TOUCHED names; the file is mapped and shared, so a test may fork, abort
or be killed. Each unit test runs alone; of a shell test, each call of the program is noted under the
name of the YAML file in it, or under "rest".
"""

import bisect
import hashlib
import os
import pickle
import re
import subprocess
import time

RUNTIME = r"""
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#define LENGTH (1u << 20)
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
static unsigned char *bits;
static void *mapped(void) {
  const char *name = getenv("MUTANTS_TOUCHED");
  int fd = name != NULL ? open(name, O_RDWR | O_CREAT, 0666) : -1;
  void *at = MAP_FAILED;
  if (fd >= 0 && ftruncate(fd, LENGTH) == 0)
    at = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (fd >= 0)
    close(fd);
  return at == MAP_FAILED ? calloc(LENGTH, 1) : at;
}
__attribute__((constructor)) static void start(void) { bits = mapped(); }
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) {
  size_t at = (size_t)((const char *)__builtin_return_address(0) - __ehdr_start);
  unsigned char bit = (unsigned char)(1u << (at & 7));
  if (bits != NULL && at >> 3 < LENGTH && !(bits[at >> 3] & bit))
    __atomic_fetch_or(&bits[at >> 3], bit, __ATOMIC_RELAXED);
}
"""
WRAPPER = """#!/bin/sh
key=rest
for word; do
  case $word in *.yaml) key=${word##*/}; key=${key%.yaml}; break ;; esac
done
MUTANTS_TOUCHED=$MUTANTS_FOLDER/$key exec "$MUTANTS_PROGRAM" "$@"
"""


class Lines:
    """The blocks of a library: where each ends its call of the runtime, and the lines that it holds."""

    def __init__(self, library):
        listing = subprocess.run(["objdump", "-d", "--no-show-raw-insn", library], capture_output=True, text=True, check=True).stdout
        self.blocks, functions, calls = [], [], False
        for row in listing.splitlines():
            if calls and (match := re.match(r"\s*([0-9a-f]+):", row)):
                self.blocks.append(int(match[1], 16))  # the address that the call returns to
                calls = False
            elif match := re.match(r"([0-9a-f]+) <", row):
                functions.append(int(match[1], 16))
            if "__sanitizer_cov_trace_pc" in row and "call" in row:
                calls = True
        decoded = subprocess.run(["objdump", "--dwarf=decodedline", library], capture_output=True, text=True).stdout
        self.of = {}  # file -> line -> indices of blocks
        unit = None
        for row in decoded.splitlines():
            if match := re.match(r"(?:CU: )?(\S+\.[ch]):(?:\s*\[\+\+\])?$", row):
                unit = os.path.normpath(match[1])
            elif unit and unit.startswith("sim/") and (match := re.match(r"(\S+)\s+(\d+)\s+0x([0-9a-f]+)", row)):
                if match[1] != os.path.basename(unit):
                    continue  # of a header
                address = int(match[3], 16)
                begin = functions[bisect.bisect_right(functions, address) - 1]
                block = bisect.bisect_right(self.blocks, address + 5) - 1
                if block < 0 or self.blocks[block] < begin:
                    block += 1  # before the first call of its function
                if block < len(self.blocks):
                    self.of.setdefault(unit, {}).setdefault(int(match[2]), set()).add(block)


def digest(*paths):
    """Of all files in folders."""
    total = hashlib.sha256()
    for path in paths:
        names = [path] if os.path.isfile(path) else sorted(os.path.join(d, f) for d, _, fs in os.walk(path) for f in fs if "__pycache__" not in d)
        for name in names:
            total.update(name.encode() + b"\0" + open(name, "rb").read())
    return total.hexdigest()[:16]


class Touched:
    """names of the tests of a suite; masks: file -> line -> bits of the tests that execute the line."""

    def __init__(self, names, masks, seconds):
        self.names, self.masks, self.seconds = names, masks, seconds
        self.digests = {file: digest(file) for file in masks}

    def tests(self, file, line):
        """Names of tests; of what is no code, such as a table, and of what the compiler joined with other
        lines, all that execute anything of its file. So it is where the file changed since; of a file
        that is new, all tests of the suite."""
        if file not in self.masks:
            return self.names
        rows = self.masks[file]
        mask = rows.get(line, 0) if digest(file) == self.digests[file] else 0
        if mask == 0:
            for bits in rows.values():
                mask |= bits
        return [n for i, n in enumerate(self.names) if mask >> i & 1]


def measure(suite, lines, folder, cache):
    """What the tests of a suite touch, measured once for its state of the tree."""
    if os.path.exists(cache):
        with open(cache, "rb") as stream:
            return pickle.load(stream)
    os.makedirs(folder, exist_ok=True)
    for old in os.listdir(folder):
        os.unlink(os.path.join(folder, old))
    start = time.monotonic()
    suite.record(folder)
    seconds = time.monotonic() - start
    names, masks = [], {}
    flat = [(file, line, sorted(blocks)) for file, rows in lines.of.items() for line, blocks in rows.items()]
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        with open(path, "rb") as stream:
            data = stream.read()
        os.unlink(path)
        hit = [bool(data[b >> 3] >> (b & 7) & 1) for b in lines.blocks]
        bit = 1 << len(names)
        names.append(name.replace("%", "/"))
        for file, line, blocks in flat:
            rows = masks.setdefault(file, {})
            rows.setdefault(line, 0)
            if any(hit[b] for b in blocks):
                rows[line] |= bit
    touched = Touched(names, masks, seconds)
    with open(cache, "wb") as stream:
        pickle.dump(touched, stream)
    return touched
