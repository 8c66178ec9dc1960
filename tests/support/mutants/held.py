"""One fact: the tests that hold it, and the pieces of sim/ that carry its id.

Which tests hold it is what `make facts` or a whole `make test` collected last (BUILD/facts.tsv). A
piece is a function or a table with the comment above it.
"""

import glob
import os
import re

ID = re.compile(r"([A-Z]+)-(\d+)\.(\d+)((?:(?:, | and | to )(?:[A-Z]+-)?\d+\.\d+)*)")


def cited(text):
    """The ids in a text; "AZ-9.12 to 9.17" and "AZ-9.12, 9.13" stand for all of them."""
    for cloud, section, number, more in ID.findall(text):
        yield f"{cloud}-{section}.{number}"
        last = int(number)
        for word, other, part, end in re.findall(r"(, | and | to )([A-Z]+-)?(\d+)\.(\d+)", more):
            if part == section and other in ("", cloud + "-"):
                for n in range(last + 1 if word == " to " else int(end), int(end) + 1):
                    yield f"{cloud}-{section}.{n}"
            elif other:
                yield f"{other}{part}.{end}"
            last = int(end)


def tests(collected, fact):
    """Name of a suite -> names of its tests that hold the fact, both as mutants.py has them."""
    held = {}
    for row in open(collected):
        name, ids = row.rstrip("\n").split("\t")
        if fact not in ids.split():
            continue
        file, _, test = name.partition(" ")
        folders = os.path.dirname(file).split("/")  # "tests", then the suite's: one, or two in tests/unit/
        if test:
            suite = "_".join(folders[1:3] if folders[1] == "unit" else folders[1:2])
            test = test.replace("::", "/")
        else:
            suite = "results_run" if file.startswith("scenarios/") else folders[-1] + "_run"
            test = os.path.splitext(os.path.basename(file))[0]
        held.setdefault(suite, set()).add(test)
    return held


def lines(fact):
    """File of sim/ -> numbers of the lines of pieces that carry the id."""
    found = {}
    for file in sorted(glob.glob("sim/**/*.c", recursive=True)):
        rows = open(file).read().split("\n")
        starts = [i for i, row in enumerate(rows) if row[:1] not in ("", " ", "\t", "}") and (i == 0 or not rows[i - 1])]
        for start, end in zip(starts, starts[1:] + [len(rows)]):
            text = re.sub(r"\n \* ", " ", "\n".join(rows[start:end]))
            if fact in cited(text):
                found.setdefault(file, set()).update(range(start + 1, end + 1))
    return found
