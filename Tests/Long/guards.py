#!/usr/bin/env python3
"""Do the checks of the file readers matter? Each is switched off in turn: at least one test must fail.

usage: guards.py [--list] [--scratch FOLDER] [--only N ...]

A copy of the package is made in which every clause of every `guard` and `if` that leads to a refusal can be
switched off by number, through a variable of the environment: so one build serves for all. Clauses that bind
a name cannot be switched off, for nothing could go on without what they bind. The tests that are run are
those of files, JSON, models and checkpoints. The build takes minutes, each mutant seconds.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from harness import ROOT

READERS = [
    "Sources/Pipeline/JSON/JSONParser.swift",
    "Sources/Pipeline/ModelFile/ModelLoader.swift",
    "Sources/Pipeline/ModelFile/ModelSeal.swift",
    "Sources/Pipeline/ModelFile/SafetensorsFile+Seal.swift",
    "Sources/Pipeline/ModelFile/SafetensorsHeader.swift",
    "Sources/Pipeline/ModelFile/SelfTest.swift",
    "Sources/Pipeline/Stages/Resources.swift",
    "Sources/Seq/Models/LabelList.swift",
    "Sources/Seq/Parameters/ParameterVector+Resources.swift",
    "Sources/Seq/Training/TrainingSnapshot+File.swift",
    "Sources/Seq/Training/TrainingSnapshot.swift",
    "Sources/Seq/Training/TrainingState.swift",
]
TESTS = "JSON|ModelFile|Safetensors|SelfTest|ModelDamage|CheckpointFolder|LabelList|Snapshot|TrainingRun|Resource|LanguageModelTests"

# Conditions for an answer of nothing, where nothing is wrong.
NO_CHECKS = ['header.metadata["self_test"] != nil', "!records.isEmpty", "value != .null", "firstLoss > 0"]

# Checks of another form, by file.
LOADER = "Sources/Pipeline/ModelFile/ModelLoader.swift"
OTHERS = {
    LOADER: [
        ("guard let index = remaining[layout.name]?.firstNonFinite else { continue }",
         "guard let index = remaining[layout.name]?.firstNonFinite, !OFF else { continue }"),
        ("if found == expected { return found }", "if found == expected || OFF { return found }"),
        ("guard object.count == names.count else {", "guard object.count == names.count || OFF else {"),
    ],
    "Sources/Pipeline/ModelFile/SelfTest.swift": [
        ("where !(abs(expected - Double(found)) <= Self.tolerance) {",
         "where !(abs(expected - Double(found)) <= Self.tolerance) && !OFF {"),
    ],
}

SWITCH = """import Glibc

/// Which check is switched off, for `Tests/Long/guards.py`.
public enum Switch {
  private static let current = getenv("SEQTOOL_MUTANT").flatMap { Int(String(cString: $0)) } ?? -1
  @inline(never) public static func isOff(_ check: Int) -> Bool { current == check }
}
"""


def clauses(text, start, end):
    """The parts of a condition list between two places, cut at the commas outside of brackets and texts."""
    parts, depth, begin, quoted = [], 0, start, False
    for i in range(start, end):
        c = text[i]
        if c == '"' and text[i - 1] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 0:
            parts.append((begin, i))
            begin = i + 1
    return parts + [(begin, end)]


def end_of_condition(text, start, word):
    """Where the condition that begins at `start` ends: before `word` outside of brackets and texts."""
    depth, quoted = 0, False
    for i in range(start, len(text)):
        c = text[i]
        if c == '"' and text[i - 1] != "\\":
            quoted = not quoted
        elif not quoted and depth == 0 and text.startswith(word, i) and text[i - 1].isspace():
            return i
        elif not quoted and c in "([{":
            depth += 1
        elif not quoted and c in ")]}":
            depth -= 1
    return None


def mutate(path, text, number):
    """The text with a switch at each check, and what was found: (number, place, clause)."""
    found, edits = [], []
    for match in re.finditer(r"\b(guard|if) ", text):
        line = text.count("\n", 0, match.start()) + 1
        if "//" in text[text.rfind("\n", 0, match.start()) + 1:match.start()]:
            continue
        is_guard = match[1] == "guard"
        end = end_of_condition(text, match.end(), "else" if is_guard else "{")
        if end is None:
            continue
        body = text[end:].split("{", 1)[1].lstrip()
        if not re.match(r"throw|return (nil|false|\")", body) or body.startswith("return nil }") and not is_guard:
            continue
        if not is_guard:
            # A refusal under a condition: one more clause, which is false where it is switched off.
            found.append((number, f"{path}:{line}", " ".join(text[match.end():end].split())))
            edits.append((end, end, f", !Switch.isOff({number}) ", True))
            number += 1
            continue
        for begin, stop in clauses(text, match.end(), end):
            clause = text[begin:stop].strip()
            if re.match(r"(let|var|case) ", clause) or clause in NO_CHECKS:
                continue
            found.append((number, f"{path}:{line}", " ".join(clause.split())))
            space = text[begin:stop][:len(text[begin:stop]) - len(text[begin:stop].lstrip())]
            tail = text[begin:stop][len(text[begin:stop].rstrip()):]
            edits.append((begin, stop, f"{space}(({clause}) || Switch.isOff({number})){tail}", False))
            number += 1
    for begin, stop, new, is_added in sorted(edits, reverse=True):
        text = text[:begin].rstrip(" ") + new + text[stop:] if is_added else text[:begin] + new + text[stop:]
    for old, new in OTHERS.get(path, []):
        assert text.count(old) == 1, f"{path} has no longer: {old}"
        found.append((number, path, old))
        text = text.replace(old, new.replace("OFF", f"Switch.isOff({number})"))
        number += 1
    return text, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--scratch")
    parser.add_argument("--only", type=int, nargs="*")
    options = parser.parse_args()
    mutants, texts = [], {}
    for path in READERS:
        with open(os.path.join(ROOT, path), encoding="utf8") as file:
            texts[path], found = mutate(path, file.read(), len(mutants))
        mutants += found
    if options.list:
        print(*(f"{number:3} {place}: {clause}" for number, place, clause in mutants), sep="\n")
        return
    folder = options.scratch or tempfile.mkdtemp(prefix="guards-")
    package = os.path.join(folder, "package")
    files = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True).stdout
    for name in map(os.fsdecode, filter(None, files.split(b"\0"))):
        source, target = os.path.join(ROOT, name), os.path.join(package, name)
        if os.path.exists(source):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy2(source, target)
    for path, text in texts.items():
        with open(os.path.join(package, path), "w", encoding="utf8") as file:
            file.write(text)
    with open(os.path.join(package, "Sources/Pipeline/Files/Switch.swift"), "w", encoding="utf8") as file:
        file.write(SWITCH)
    subprocess.run(["swift", "build", "-c", "release", "--build-tests"], cwd=package, check=True)

    def fails(number):
        try:
            run = subprocess.run(
                ["swift", "test", "-c", "release", "--skip-build", "--disable-xctest", "--filter", TESTS],
                cwd=package, capture_output=True, text=True, timeout=600,
                env={**os.environ, "SEQTOOL_MUTANT": str(number)})
        except subprocess.TimeoutExpired:
            return True, "no end within ten minutes"
        issues = re.findall(r"Test (\S+?)\(.*? recorded an issue", run.stdout + run.stderr)
        return run.returncode != 0, ", ".join(sorted(set(issues))[:3]) or f"exit {run.returncode}"

    assert not fails(-1)[0], "the tests fail though nothing is switched off"
    survivors = []
    for number, place, clause in mutants:
        if options.only and number not in options.only:
            continue
        start = time.time()
        noticed, by = fails(number)
        if not noticed:
            survivors.append(number)
        print(f"{number:3} {'noticed' if noticed else 'MISSED '} {time.time() - start:5.1f} s  {place}: {clause}  [{by}]",
              flush=True)
    print(f"{len(mutants)} checks, {len(survivors)} that no test needs: {survivors}")
    if not options.scratch:
        shutil.rmtree(folder)
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main()
