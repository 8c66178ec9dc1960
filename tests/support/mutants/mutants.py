#!/usr/bin/env python3
"""mutants.py N SEED BUILD CC FLAG...: what the tests notice; see `make mutants`.

Of each folder of sim/, N mutants (mutate.py) are drawn by SEED: those that do not compile or give the
same object code are passed over. A mutant's object replaces one of a shared library that all suites
and the program are linked with, so the work tree is never touched. Only tests that execute the line
(touched.py) run: a few of each suite, and all of its own and of quick ones; then, for several mutants
together, all. The first that fails ends it; so does running five times as long as they did while what
they execute was written down. Results are added to BUILD/mutants/N-SEED.tsv: started again, it goes on;
a mutant that survived, or that was still open, is asked of those suites again that changed since, or that it was never asked of,
and after a file of sim/ changed, all of that file.

Environment: JOBS (workers), MODULES (some folders only), WITH (some suites only: survivors of a run
with fewer are asked again by one with more), FACT (an id: mutants of the functions and tables that
carry it, where a test that holds it executes them, and no other tests; held.py), LIBS and TEST_LIBS (what the linker needs).
"""

import concurrent.futures
import hashlib
import glob
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import held  # noqa: E402
import mutate  # noqa: E402
import touched  # noqa: E402

COUNT, SEED, BUILD, CC, *FLAGS = sys.argv[1:]
COUNT = int(COUNT)
JOBS = int(os.environ.get("JOBS") or os.cpu_count())
LIBS = os.environ.get("LIBS", "").split()
HERE = os.path.abspath(f"{BUILD}/mutants")
EQUIVALENT = "tests/support/mutants/equivalent.tsv"
OPTIMISED = ["-O2", "-g0", "-fPIC", "-Werror=incompatible-pointer-types", "-Werror=int-conversion"]
COVERED = ["-Og", "-g", "-fPIC", "-w", "-fsanitize-coverage=trace-pc"]
HELD_BY = {"report": "results_run", "check": "wrong_run", "language": "wrong_run", "cli": "cli_run-inspect"}  # beside the suite of its name
FEW = 4  # tests of a suite that are asked before all of them
QUICK = 15  # seconds
TOGETHER = 8  # mutants that are asked of all tests in one library
SHORT = {"ORACLE": "400", "PROPERTY_DESIGNS": "60", "LC_ALL": "C", "G_SLICE": "always-malloc"}
SCENARIOS = sorted(glob.glob("scenarios/**/*.yaml", recursive=True))
MODULES = sorted({os.path.dirname(f)[4:] for f in glob.glob("sim/**/*.c", recursive=True)})
ASKED = os.environ.get("MODULES", "").split() or MODULES
FACT = os.environ.get("FACT", "")


def say(text):
    print(text, file=sys.stderr, flush=True)


RUNNING = set()  # process groups


def leave(number, frame):
    """A signal: nothing goes on behind it; the journal has what is known."""
    for group in list(RUNNING):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os._exit(128 + number)


def run(words, seconds, environment, failing=None):
    """0, 1 or "time"; the output of a shell test is watched for its first case that fails."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (16 << 30, 16 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if failing else subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=environment, start_new_session=True, preexec_fn=limit)  # fmt: skip
    RUNNING.add(process.pid)
    late = threading.Event()

    def end(because=None):
        if because:
            because.set()
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    timer = threading.Timer(seconds, end, [late])
    timer.start()
    failed = False
    if failing:
        for line in process.stdout:
            if line.startswith(failing):
                failed = True
                end()
                break
    status = process.wait()
    timer.cancel()
    end()
    RUNNING.discard(process.pid)
    return 1 if failed else "time" if late.is_set() else int(status != 0)


class Programs:
    """The program and the unit suites, linked with a shared library in place of sim/."""

    def __init__(self, name, flags):
        self.folder, self.flags = f"{HERE}/{name}", flags
        os.makedirs(self.folder, exist_ok=True)
        self.objects = {}

    def compile(self, source, output, text=None):
        words = [CC, *FLAGS, *self.flags, "-I.", "-iquote", os.path.dirname(source), "-c", "-o", output]
        if self.flags is COVERED:  # whose line table must name the file
            return subprocess.run([*words, source], capture_output=True).returncode == 0
        words += ["-x", "c", "-"]
        if text is None:
            text = open(source).read()
        result = subprocess.run(words, input=f'#line 1 "{source}"\n{text}', text=True, capture_output=True)
        if text is None and result.returncode:
            say(result.stderr)
        return result.returncode == 0

    def link(self, library, objects):
        return subprocess.run([CC, "-shared", "-fuse-ld=gold" if shutil.which("ld.gold") else "-g0", "-o", library, *objects, *LIBS],
                              capture_output=True).returncode == 0  # fmt: skip

    def refresh(self, source):
        """Compiles it unless its object is of the same text and headers."""
        state, stamp = HEADERS + touched.digest(source), f"{self.objects[source]}.state"
        if os.path.exists(stamp) and open(stamp).read() == state:
            return True
        good = self.compile(source, self.objects[source])
        with open(stamp, "w") as stream:
            stream.write(state if good else "")
        return good

    def build(self, state):
        sources = [s for s in sorted(glob.glob("sim/**/*.c", recursive=True)) if s != "sim/cli/main.c"]
        sources.append(f"{BUILD}/generated/facts.c")
        self.objects = {s: f"{self.folder}/{s.replace('/', '_')}.o" for s in sources}
        stamp = f"{self.folder}/state"
        if os.path.exists(stamp) and open(stamp).read() == state:
            return
        say(f"mutants: compiling {len(sources)} files as {os.path.basename(self.folder)}")
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            done = list(pool.map(self.refresh, sources))
        extra = []
        if self.flags is COVERED:
            subprocess.run([CC, "-O2", "-fPIC", "-x", "c", "-", "-c", "-o", f"{self.folder}/runtime.o"], input=touched.RUNTIME, text=True, check=True)
            extra = [f"{self.folder}/runtime.o"]
        if not all(done) or not self.link(f"{self.folder}/libroutesim.so", [*self.objects.values(), *extra]):
            sys.exit("mutants: the tree does not compile")
        with open(stamp, "w") as stream:
            stream.write(state)


def link_suites(programs):
    """The program and every suite, with the library that LD_LIBRARY_PATH will name."""
    binaries = {"routesim": [f"{BUILD}/obj/sim/cli/main.o"]}
    for folder in sorted(glob.glob("tests/unit/*")) + ["tests/facts", "tests/property", "tests/oracle"]:
        name = "unit_" + os.path.basename(folder) if "/unit/" in folder else os.path.basename(folder)
        binaries[name] = [f"{BUILD}/obj/{s[:-2]}.o" for s in sorted(glob.glob(f"{folder}/**/*.c", recursive=True))] + [f"{BUILD}/tests/support.a"]
    os.makedirs(f"{HERE}/bin", exist_ok=True)
    for name, objects in binaries.items():
        criterion = [] if name == "routesim" else os.environ.get("TEST_LIBS", "-lcriterion").split()
        subprocess.run([CC, "-o", f"{HERE}/bin/{name}", *objects, f"-L{programs.folder}", "-lroutesim", *criterion, *LIBS], check=True)
    return sorted(n for n in binaries if n != "routesim")


class Unit:
    """A Criterion suite."""

    chooses = True

    def __init__(self, name):
        self.name = name
        folder = f"tests/unit/{name[5:]}" if name.startswith("unit_") else f"tests/{name}"
        self.state = touched.digest(folder, "tests/support/topology.c", *SCENARIOS)

    def tests(self):
        """Of random designs in several parts, the first part."""
        listed = subprocess.run([f"{HERE}/bin/{self.name}", "--list"], env=environment("cover"), capture_output=True, text=True).stdout
        group = ""
        for row in listed.splitlines():
            if row.startswith(("|--", "`--")):
                name = row[4:].strip().split(" ")[0]
                if not (self.name == "property" and re.search(r"_[1-9]$", name)):
                    yield f"{group}/{name}"
            elif ":" in row:
                group = row.split(":")[0].strip()

    def record(self, folder):
        def alone(test):
            file = f"{folder}/{test.replace('/', '%')}"
            words = [f"{HERE}/bin/{self.name}", "--filter", test, "-j1"]
            if run(words, 900, environment("cover", MUTANTS_TOUCHED=file)) and run(words, 900, environment("plain")):
                sys.exit(f"mutants: {test} fails on the tree as it stands, so it tells nothing")

        for which in ("cover", "plain"):
            os.makedirs(f"{HERE}/{which}/scratch", exist_ok=True)
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(alone, self.tests()))

    def cost(self, known, tests):
        return known.seconds * len(tests) / max(1, len(known.names))

    def notices(self, folder, known, tests):
        for at in range(0, len(tests), 60):  # Criterion aborts on longer patterns
            some = tests[at : at + 60]
            words = [f"{HERE}/bin/{self.name}", "--fail-fast", "-j1", "--filter", "@(" + "|".join(some) + ")"]
            if noticed := run(words, 5 + 5 * self.cost(known, some), environment(folder)):
                return noticed
        return 0


class Shell:
    """A script that prints "ok" and "not ok"."""

    def __init__(self, script):
        self.script, self.name = script, script[6:-3].replace("/", "_")
        self.chooses = "ONLY" in open(script).read()
        told = ["README.md"] if script.startswith("tests/readme/") else []
        self.state = touched.digest(os.path.dirname(script), *SCENARIOS, *told)

    def call(self, folder, seconds, failing=None, **more):
        scratch = f"{HERE}/{folder}/scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        os.makedirs(scratch)
        return run(["bash", self.script], seconds, environment(folder, **{"ROUTESIM": f"{HERE}/bin/routesim", **more}), failing)

    def record(self, folder):
        wrapper = f"{HERE}/bin/wrapper"
        with open(wrapper, "w") as stream:
            stream.write(touched.WRAPPER)
        os.chmod(wrapper, 0o755)
        wrapped = {"ROUTESIM": wrapper, "MUTANTS_FOLDER": folder, "MUTANTS_PROGRAM": f"{HERE}/bin/routesim"}
        if self.call("cover", 1800, **wrapped) and self.call("plain", 1800):
            sys.exit(f"mutants: {self.script} fails on the tree as it stands, so it tells nothing")

    def cost(self, known, tests):
        return known.seconds * (len(tests) / max(1, len(known.names)) if self.chooses else 1)

    def notices(self, folder, known, tests):
        folder_of = os.path.dirname(self.script)
        rest = [] if all(glob.glob(f"{folder_of}/{t}.yaml") for t in tests) else ["rest"]
        only = {"ONLY": " ".join(tests + rest)} if self.chooses else {}
        return self.call(folder, 10 + 5 * self.cost(known, tests), b"not ok", **only)


def environment(folder, **more):
    at = f"{HERE}/{folder}"
    return {**os.environ, **SHORT, "ROUTESIM": f"{HERE}/bin/routesim", "BUILD": HERE, "CC": CC, "SCRATCH": f"{at}/scratch",
            "TMPDIR": f"{at}/scratch", "LD_LIBRARY_PATH": at, **more}  # fmt: skip


class Equivalents:
    """What was argued: file, line before, line after, why."""

    def __init__(self):
        self.reasons, stale = {}, []
        for number, row in enumerate(open(EQUIVALENT) if os.path.exists(EQUIVALENT) else [], 1):
            if row.startswith("#") or not row.strip():
                continue
            file, before, after, reason = row.rstrip("\n").split("\t")
            self.reasons[file, before, after] = reason
            if not os.path.exists(file) or before not in map(str.strip, open(file)):
                stale.append(f"{EQUIVALENT}:{number}: {file} has no line: {before}")
        if stale:
            sys.exit("\n".join(stale))


class Draw:
    """The first COUNT mutants of a module that are programs of their own."""

    def __init__(self, programs, chosen):
        self.programs, self.chosen, self.others = programs, chosen, mutate.enums()
        self.folder = f"{HERE}/objects"
        os.makedirs(self.folder, exist_ok=True)

    def object(self, mutant):
        """Its object file, or None; each is compiled once."""
        text = open(mutant.file).read()
        mutated = text[: mutant.start] + mutant.text + text[mutant.end :]
        name = f"{self.folder}/{hashlib.sha256((HEADERS + mutant.file + mutated).encode()).hexdigest()[:24]}"
        if os.path.exists(name + ".no"):
            return None
        if not os.path.exists(name + ".o"):
            good = self.programs.compile(mutant.file, name + ".part", mutated)
            if not good or open(name + ".part", "rb").read() == open(self.programs.objects[mutant.file], "rb").read():
                open(name + ".no", "w").close()
                return None
            os.rename(name + ".part", name + ".o")
        return name + ".o"

    def module(self, module, pool):
        files = [f for f in sorted(glob.glob(f"sim/{module}/*.c")) if f != "sim/cli/main.c"]
        drawn, seen, at = [], set(), 0
        order = [m for m in mutate.drawn(files, SEED, self.others) if self.chosen(m)]
        while len(drawn) < COUNT and at < len(order):
            some = order[at : at + max(JOBS, COUNT - len(drawn))]
            at += len(some)
            for mutant, compiled in zip(some, pool.map(self.object, some)):
                code = compiled and hashlib.sha256(open(compiled, "rb").read()).digest()
                if code and code not in seen and len(drawn) < COUNT:
                    seen.add(code)
                    drawn.append((module, mutant, compiled))
        return drawn


class Journal:
    """What is known of earlier mutants: key -> (verdict, by, seconds), and the suites, as they were, that
    noticed nothing."""

    def __init__(self):
        self.path, self.known, self.lock = f"{HERE}/{COUNT}-{SEED}{FACT and '-' + FACT}.tsv", {}, threading.Lock()
        self.passed = {}  # key -> set of "NAME=STATE"
        for row in open(self.path) if os.path.exists(self.path) else []:
            key, verdict, by, seconds, state, passed = row.rstrip("\n").split("\t")
            if state == touched.digest(key.split("|")[0]):
                self.known[key] = (verdict, by, float(seconds))
                self.passed[key] = set(passed.split(" "))

    def open_for(self, key, suites):
        """The suites that are still to be asked."""
        if self.known.get(key, ("",))[0] in ("killed", "time"):
            return []
        return [s for s in suites if stamp(s) not in self.passed.get(key, ())]

    def add(self, key, result, asked):
        before = self.known.get(key, ("", "", 0.0))
        result = (result[0], result[1], before[2] + result[2])
        with self.lock, open(self.path, "a") as stream:
            self.known[key] = result
            self.passed[key] = self.passed.get(key, set()) | {stamp(s) for s in asked}
            state = touched.digest(key.split("|")[0])
            stream.write(f"{key}\t{result[0]}\t{result[1]}\t{result[2]:.1f}\t{state}\t{' '.join(sorted(self.passed[key]))}\n")


def stamp(suite):
    return f"{suite.name}={suite.state}"


class Trial:
    """Mutants against suites."""

    def __init__(self, programs, suites, tests, journal, equivalents):
        self.programs, self.suites, self.tests, self.journal = programs, suites, tests, journal
        self.equivalents = equivalents
        self.local, self.count, self.lock = threading.local(), 0, threading.Lock()

    def folder(self):
        if not hasattr(self.local, "name"):
            with self.lock:
                self.local.name, self.count = f"worker{self.count}", self.count + 1
            os.makedirs(f"{HERE}/{self.local.name}/scratch", exist_ok=True)
        return self.local.name

    def plan(self, some, suites):
        """(suite, what is known of it, its tests that execute any of these mutants): suites of their own
        module first, then quick ones."""
        own = {name for module, *_ in some for name in ("unit_" + module.split("/")[0], HELD_BY.get(module))}
        plan = []
        for suite in suites:
            known, names = None, set()
            for _, mutant, _ in some:
                known, tests = self.tests(suite, mutant)
                names.update(tests)
            if names:
                plan.append((suite.name not in own, suite.cost(known, names), suite.name, suite, known, [n for n in known.names if n in names]))
        return [(p[0], *p[3:]) for p in sorted(plan, key=lambda p: p[:3])]

    def link(self, some):
        """The folder with a library of these mutants, which are of different files; or None."""
        folder, mutated = self.folder(), {mutant.file: compiled for _, mutant, compiled in some}
        objects = [mutated.get(s, o) for s, o in self.programs.objects.items()]
        return folder if self.programs.link(f"{HERE}/{folder}/libroutesim.so", objects) else None

    def tell(self, one, result, asked):
        mutant = one[1]
        self.journal.add(mutant.key, result, asked)
        say(f"{self.journal.known[mutant.key][2]:6.1f} s  {result[0]:12} {result[1]:14} {mutant.file}:{mutant.line}: {mutant.before}  ->  {mutant.after}")

    def alone(self, one):
        """A few tests of each suite, and all of its own and of what is quick: most are noticed so. What is
        not is returned."""
        mutant = one[1]
        suites = self.journal.open_for(mutant.key, self.suites)
        if not suites:
            if self.journal.known[mutant.key][0] == "open":
                self.tell(one, ("survived", "all", 0.0), [])
            return []
        if (mutant.file, mutant.before, mutant.after) in self.equivalents.reasons:
            self.tell(one, ("survived", "argued", 0.0), suites)  # no suite is asked what none can notice
            return []
        start, plan = time.monotonic(), self.plan([one], suites)
        if not plan:
            before = self.journal.known.get(mutant.key, ("",))[0] in ("survived", "open")
            self.tell(one, ("survived", "as before", 0.0) if before else ("not executed", "", 0.0), suites)
            return []
        folder = self.link([one])
        if folder is None:
            self.tell(one, ("killed", "the linker", time.monotonic() - start), suites)
            return []
        few = [(suite, known, tests[:: -(-len(tests) // FEW)]) for _, suite, known, tests in plan if suite.chooses and len(tests) > 2 * FEW]
        quick = [p[1:] for p in plan if not p[0] or p[1].cost(*p[2:]) < QUICK]
        for suite, known, tests in few + quick:
            if noticed := suite.notices(folder, known, tests):
                self.tell(one, ("time" if noticed == "time" else "killed", suite.name, time.monotonic() - start), suites)
                return []
        self.journal.add(mutant.key, ("open", "", time.monotonic() - start), [suite for suite, *_ in quick])
        return [one]

    def together(self, group, asked=()):
        """What is left is asked of all tests, mutants of different files in one library. Where that is
        noticed, halves of them are asked of the same suite and of those behind it, so that only one that
        is noticed alone counts as such; that one hides another makes both survive."""
        start, passed = time.monotonic(), list(asked)
        suites = sorted({s.name: s for one in group for s in self.journal.open_for(one[1].key, self.suites)}.items())
        folder, plan = self.link(group), self.plan(group, [s for name, s in suites if name not in asked])
        for _, suite, known, tests in plan:
            noticed = suite.notices(folder, known, tests)
            if noticed and len(group) == 1:
                return self.tell(group[0], ("time" if noticed == "time" else "killed", suite.name, time.monotonic() - start), self.suites)
            if noticed:
                for half in (group[: len(group) // 2], group[len(group) // 2 :]):
                    self.together(half, passed)
                return None
            passed.append(suite.name)
        for one in group:
            took = (time.monotonic() - start) / len(group)
            self.tell(one, ("survived", f"{len(self.plan([one], self.suites))} suites", took), self.suites)
        return None


def groups(left):
    """Of different files each, and of as many suites' tests in common as their order gives."""
    made = []
    for one in left:
        fits = (g for g in made if len(g) < TOGETHER and all(one[1].file != other[1].file for other in g))
        group = next(fits, None)
        if group is None:
            made.append(group := [])
        group.append(one)
    return made


def table(drawn, journal, equivalents, seconds):
    kinds = ("killed", "time", "survived", "not executed", "equivalent")
    rows = {}
    survivors = []
    for module, mutant, _ in drawn:
        verdict = journal.known[mutant.key][0]
        if verdict in ("survived", "not executed"):
            if (mutant.file, mutant.before, mutant.after) in equivalents.reasons:
                verdict = "equivalent"
            else:
                survivors.append(f"{mutant.file}:{mutant.line}: {mutant.before}  ->  {mutant.after}" + "  (not executed)" * (verdict[0] == "n"))
        for name in (module, "total"):
            rows.setdefault(name, dict.fromkeys(kinds, 0))[verdict] += 1
    for survivor in sorted(survivors):
        print(survivor)
    print(f"\n{'module':14}" + "".join(f"{k:>14}" for k in ("mutants", *kinds, "noticed")))
    for name, row in sorted(rows.items(), key=lambda r: (r[0] == "total", r[0])):
        noticed, all_of_it = row["killed"] + row["time"], sum(row.values())
        share = 100 * noticed / max(1, all_of_it - row["equivalent"])
        print(f"{name:14}{all_of_it:14}" + "".join(f"{row[k]:14}" for k in kinds) + f"{share:12.1f} %")
    spent = sum(journal.known[m.key][2] for _, m, _ in drawn)
    print(f"\nN={COUNT} SEED={SEED}: {seconds:.0f} s now, {spent:.0f} s of {JOBS} workers over all mutants")


def main():
    global HEADERS
    start = time.monotonic()
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    called = hashlib.sha256(" ".join([CC, *FLAGS]).encode()).hexdigest()[:16]
    state = called + touched.digest("sim", "include")
    HEADERS = called + touched.digest("include", *sorted(glob.glob("sim/**/*.h", recursive=True)))
    equivalents = Equivalents()
    plain, cover = Programs("plain", OPTIMISED), Programs("cover", COVERED)
    plain.build(state)
    cover.build(state)
    suites = [Unit(name) for name in link_suites(plain)]
    suites += [Shell(s) for s in sorted(glob.glob("tests/*/run*.sh")) if "/support/" not in s]
    holding, carrying = (held.tests(f"{BUILD}/facts.tsv", FACT), held.lines(FACT)) if FACT else ({}, {})
    if FACT and not (holding and carrying):
        sys.exit(f"mutants: no test of the last `make facts` holds {FACT}" if not holding else f"mutants: no function or table carries {FACT}")
    asked = os.environ.get("WITH", "").split() or sorted(holding)
    suites = [suite for suite in suites if not asked or suite.name in asked]
    os.makedirs(f"{HERE}/touched", exist_ok=True)
    lines, known = None, {}
    for suite in suites:
        cache = f"{HERE}/touched/{suite.name}-{suite.state}"
        if not os.path.exists(cache):
            lines = lines or touched.Lines(f"{HERE}/cover/libroutesim.so")
            say(f"mutants: what does {suite.name} execute?")
        known[suite.name] = touched.measure(suite, lines, f"{HERE}/touched/folder", cache)

    def tests(suite, mutant):
        """What is known of the suite, and which of its tests are asked of the mutant."""
        some = known[suite.name].tests(mutant.file, mutant.line)
        return known[suite.name], [t for t in some if not FACT or t in holding.get(suite.name, ())]

    def chosen(mutant):
        return not FACT or (mutant.line in carrying.get(mutant.file, ()) and any(tests(s, mutant)[1] for s in suites))

    journal = Journal()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        draw, trial = Draw(plain, chosen), Trial(plain, suites, tests, journal, equivalents)
        drawn, left = [], []
        for module in ASKED:
            some = draw.module(module, pool)
            drawn += some
            left += [one for found in pool.map(trial.alone, some) for one in found]
        say(f"mutants: {len(left)} that a few tests did not notice are asked of all")
        list(pool.map(trial.together, groups(left)))
    table(drawn, journal, equivalents, time.monotonic() - start)


main()
