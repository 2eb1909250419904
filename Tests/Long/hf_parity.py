#!/usr/bin/env python3
"""Compares every family of tokenizers with Hugging Face's `tokenizers` and SentencePiece on 10,000
lines: trains them with the libraries, then lets SubwordTokenizerTests compare.

    pip install tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
    Tests/Long/hf_parity.py TEXT... [-- swift test options]

TEXT: files to train on, besides a multilingual text that is made here.
"""

import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def multilingual(lines, seed):
    script = os.path.join(ROOT, "Benchmarks", "make_multilingual.py")
    return subprocess.run([sys.executable, script, "--lines", str(lines), "--seed", str(seed)],
                          check=True, capture_output=True).stdout


def main():
    arguments = sys.argv[1:]
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    texts, options = arguments[:cut], arguments[cut + 1:]
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: os.path.join(folder, name) for name in ["train", "lines", "goldens"]}
        with open(paths["train"], "wb") as file:
            file.write(multilingual(4000, 7))
        with open(paths["lines"], "wb") as file:
            data = multilingual(9000 if texts else 10000, 2)
            for text in texts[:1]:
                with open(text, "rb") as source:
                    data += b"".join(source.readlines()[:1000])
            file.write(data)
        goldens = os.path.join(ROOT, "Tests", "TokenizeTests", "Subword", "Goldens", "make_goldens.py")
        subprocess.run([sys.executable, goldens, "--text", *texts, paths["train"], "--lines",
                        paths["lines"], "--out", paths["goldens"], "--vocabulary", "2000",
                        "--full-rules"], check=True)
        environment = dict(os.environ, SEQTOOL_PARITY=paths["goldens"])
        sys.exit(subprocess.run(
            ["swift", "test", "--disable-xctest", "--filter", "SubwordTokenizerTests", *options],
            cwd=ROOT, env=environment).returncode)


main()
