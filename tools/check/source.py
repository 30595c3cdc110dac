"""What the checks share: finding files, reading C without comments, reporting.

Every check runs in the folder it judges, prints one line for each breach (place, what, and
what to do), and ends with status 1 if there was one.
"""

import fnmatch
import os
import re
import sys

IGNORED_FOLDERS = {"build", "node_modules", "__pycache__"}


def find(*patterns):
    """Paths below the present folder that match one of the patterns, sorted."""
    paths = []
    for folder, folders, names in os.walk("."):
        folders[:] = [f for f in folders if f not in IGNORED_FOLDERS and f != ".git"]
        for name in names:
            path = os.path.join(folder, name)[2:]
            if matches(path, patterns):
                paths.append(path)
    return sorted(paths)


def matches(path, patterns):
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


COMMENT_OR_LITERAL = re.compile(
    r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""",
    re.DOTALL | re.VERBOSE,
)


def without_comments(text):
    """C with comments blanked; lines and columns keep their numbers."""
    return COMMENT_OR_LITERAL.sub(
        lambda m: m[0] if m[0][0] in "\"'" else re.sub(r"[^\n]", " ", m[0]), text
    )


def code_of(text):
    """C with comments and the insides of literals blanked."""
    return COMMENT_OR_LITERAL.sub(
        lambda m: m[0][0] + re.sub(r"[^\n]", " ", m[0][1:-1]) + m[0][-1]
        if m[0][0] in "\"'" else re.sub(r"[^\n]", " ", m[0]), text
    )


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Report:
    def __init__(self):
        self.breaches = 0

    def breach(self, path, line, what, remedy):
        self.breaches += 1
        print(f"{path}:{line}: {what}: {remedy}")

    def end(self):
        sys.exit(1 if self.breaches else 0)
