"""The mutants of a C file: each changes one token, one condition or one statement.

Not mutated are comments, strings, preprocessor lines, declarations without a value, assertions (they
guard against mistakes of programmers, not of users), messages to whoever debugs, and the release of
memory, which sanitizers watch.
"""

import glob
import hashlib
import re
from typing import NamedTuple

TOKEN = re.compile(
    r"""(?P<blank>\s+|\\\n)|(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<line>(?<![^\n])\s*\#(?:\\\n|[^\n])*)
    |(?P<string>[LuU]?"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<number>0[xX][0-9a-fA-F]+[uUlL]*|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?[uUlLfF]*)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<sign><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)""",
    re.X | re.S,
)
EXCHANGED = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
    "==": ("!=",), "!=": ("==",), "&&": ("||",), "||": ("&&",),
    "++": ("--",), "--": ("++",), "+=": ("-=",), "-=": ("+=",), "|=": ("&=",), "&=": ("|=",),
    "TRUE": ("FALSE",), "FALSE": ("TRUE",), "true": ("false",), "false": ("true",),
    "break": ("continue",), "continue": ("break",), "MIN": ("MAX",), "MAX": ("MIN",),
}  # fmt: skip
SYMMETRIC = {"MIN", "MAX", "sim_time_min", "sim_time_max", "sim_time_add"}  # which argument is the first is the same
BINARY = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "&": "|", "|": "&", "<<": ">>", ">>": "<<"}
LEFT_ALONE = re.compile(
    r"g_(assert\w*|return_\w*if_fail|error|debug|free|clear_\w+|unref|strfreev|list_free\w*)$"
    r"|\w+_(free|unref|clear|destroy)$|va_end|assert|abort|_Static_assert|static_assert|G_\w+|sizeof|void"
)


class Mutant(NamedTuple):
    file: str
    start: int  # what text[start:end] becomes is `text`
    end: int
    text: str
    line: int
    before: str  # the line, without indentation
    after: str
    key: str  # names the mutant whatever else in the file changes


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def enums():
    """Each constant of an enum of the project, with those that it may be taken for."""
    others = {}
    for name in sorted(glob.glob("include/**/*.h", recursive=True) + glob.glob("sim/**/*.[ch]", recursive=True)):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", open(name).read(), flags=re.S)
        for body in re.findall(r"\benum\b\s*\w*\s*\{([^}]*)\}", text):
            names = re.findall(r"(?:^|,)\s*([A-Za-z_]\w*)", body)
            names = [n for n in names if not re.search(r"(^|_)(N|COUNT)(_|$)", n)]
            for n in names:
                others[n] = [o for o in names if o != n]
    return others


def tokens(text):
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match.lastgroup not in ("blank", "comment"):
            yield Token(match.lastgroup, match.group(), match.start(), match.end())
        at = match.end()


def closing(found, opening):
    """Index of what closes the bracket found[opening]."""
    depth = 0
    for i in range(opening, len(found)):
        if found[i].text in "([{" and found[i].kind == "sign":
            depth += 1
        elif found[i].text in ")]}" and found[i].kind == "sign":
            depth -= 1
            if depth == 0:
                return i
    return len(found) - 1


def left_alone(found):
    """Indices of tokens in what is not mutated: whole calls, and types of declarations."""
    skipped = set()
    for i, token in enumerate(found):
        if token.kind == "line":
            skipped.add(i)
        if token.kind == "word" and LEFT_ALONE.fullmatch(token.text) and i + 1 < len(found) and found[i + 1].text == "(":
            skipped.update(range(i, closing(found, i + 1) + 1))
        if token.kind == "word" and token.text in ("enum", "struct", "union"):
            for j in range(i + 1, min(i + 3, len(found))):
                if found[j].text == "{":
                    skipped.update(range(i, closing(found, j) + 1))
    return skipped


def inside(found):
    """For each token: whether it stands in the body of a function ('{') or in a table ('=')."""
    places, stack = [], []
    for i, token in enumerate(found):
        if token.text == "}" and stack:
            stack.pop()
        places.append(stack[0] if stack else "")
        if token.text == "{":
            stack.append("{" if found[i - 1].text == ")" and not stack else "=" if found[i - 1].text == "=" else "(")
    return places


def spaced(text, token):
    return text[token.start - 1].isspace() and text[token.end].isspace()


def number_changes(word):
    match = re.fullmatch(r"(\d+)(\.\d*)?([eE][+-]?\d+)?([uUlLfF]*)", word)
    if match is None:
        return []
    value, point, power, suffix = int(match[1]), match[2] or "", match[3] or "", match[4]
    return [f"{v}{point}{power}{suffix}" for v in (value + 1, value - 1) if v >= 0]


def of_new_array(text, token):
    """Whether an array is told by it that nothing ends it, or that what it takes need not be cleared first:
    that is done in vain otherwise, and shows nowhere."""
    return token.text == "FALSE" and re.search(r"g_array_(sized_)?new\((\w+, )?$", text[max(0, token.start - 40) : token.start]) is not None


def only_sign(text, token):
    """Whether it is a number that an order gives: of those only the sign is read."""
    return re.search(r"\? -(1 : )?1$", text[max(0, token.start - len("? -1 : ")) : token.end]) is not None


def changes(text, others):
    """(start, end, new text) of every mutant of a file."""
    found = list(tokens(text))
    skipped, places = left_alone(found), inside(found)
    brackets = 0
    for i, token in enumerate(found):
        if token.kind == "sign":
            brackets += (token.text == "(") - (token.text == ")")
        if i in skipped or places[i] not in ("{", "="):
            continue
        before, after = found[i - 1], found[min(i + 1, len(found) - 1)]
        word = token.text
        for new in EXCHANGED.get(word, ()) if token.kind != "string" and not of_new_array(text, token) else ():
            yield token.start, token.end, new
        if token.kind == "sign" and word in BINARY and spaced(text, token):
            yield token.start, token.end, BINARY[word]
        elif word == "!" and token.kind == "sign":
            yield token.start, token.end, ""
        elif token.kind == "number" and before.text != "[" and after.text != "]":
            unary = before.text == "-" and found[i - 2].text in ("(", ",")  # any length below 0 is -1
            for new in number_changes(word)[unary or only_sign(text, token) :]:
                yield token.start, token.end, new
        elif word in others and before.text not in (".", "->", "["):
            if others[word]:
                digest = hashlib.sha256(text[max(0, token.start - 40) : token.end].encode()).digest()
                yield token.start, token.end, others[word][digest[0] % len(others[word])]
        elif word in ("if", "while") and after.text == "(" and places[i] == "{":
            end = closing(found, i + 1)
            yield found[i + 1].end, found[end].start, "!(" + text[found[i + 1].end : found[end].start] + ")"
        if token.kind != "word" or places[i] != "{":
            continue
        if brackets == 0 and (before.text in "{};" or before.text in (")", "else")) and after.text in ("(", "->", ".", "=", "[", "+=", "-=", "|=", "&=", "++", "--"):
            if before.text == ")" and not ends_condition(found, i - 1):
                continue
            if word in ("if", "while", "for", "switch", "return", "sizeof", "do"):
                continue
            end = next((j for j in range(i, len(found)) if found[j].text in ";{"), i)
            if found[end].text == ";":
                lines = text.count("\n", token.start, found[end].start)
                yield token.start, found[end].start, "(void)0" + "\n" * lines
        if after.text == "(" and places[i] == "{" and word not in SYMMETRIC:
            yield from swapped(text, found, i + 1)


def ends_condition(found, at):
    """Whether the bracket that found[at] closes belongs to an if, a while or a for."""
    depth = 0
    for i in range(at, -1, -1):
        depth += (found[i].text == ")") - (found[i].text == "(")
        if depth == 0:
            return i > 0 and found[i - 1].text in ("if", "while", "for")
    return False


def swapped(text, found, opening):
    """Two arguments of a call, next to each other, one for the other; the compiler knows the types."""
    end, depth, starts = closing(found, opening), 0, [opening + 1]
    for i in range(opening + 1, end):
        depth += (found[i].text in "([{") - (found[i].text in ")]}")
        if found[i].text == "," and depth == 0:
            starts.append(i + 1)
    starts.append(end + 1)
    arguments = [(found[a].start, found[b - 2].end) for a, b in zip(starts, starts[1:]) if b - 2 >= a]
    for (a, b), (c, d) in zip(arguments, arguments[1:]):
        one, other = text[a:b], text[c:d]
        if one != other and all(re.fullmatch(r"&?[A-Za-z_][\w.>-]*", t) for t in (one, other)):
            yield a, d, other + text[b:c] + one


def mutants(file, others):
    text = open(file).read()
    seen = {}
    for start, end, new in changes(text, others):
        first = text.rfind("\n", 0, start) + 1
        last = text.find("\n", end)
        mutated = (text[first:start] + new + text[end:last]).splitlines()
        originals = text[first:last].splitlines()
        differing = next((k for k, (a, b) in enumerate(zip(originals, mutated)) if a != b), 0)
        before, after = originals[differing].strip(), mutated[differing].strip()
        number = seen[(before, after)] = seen.get((before, after), 0) + 1
        line = text.count("\n", 0, first) + 1 + differing
        yield Mutant(file, start, end, new, line, before, after, f"{file}|{before}|{after}|{number}")


def drawn(module_files, seed, others):
    """All mutants of a module in an order that the seed gives; a change elsewhere leaves it as it is."""
    every = [m for file in module_files for m in mutants(file, others)]
    return sorted(every, key=lambda m: hashlib.sha256(f"{seed}|{m.key}".encode()).digest())
