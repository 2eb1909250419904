#!/usr/bin/env python3
"""Writes text in mixed scripts, the same for the same seed: Latin with accents in both normal forms,
Cyrillic, Greek, CJK, kana, Hangul, Arabic, Hebrew, Devanagari, Thai, emoji with joiners, combining
marks, odd white space, digits of several scripts, punctuation, code.

    make_multilingual.py --lines 10000 --seed 1 > text.txt
    make_multilingual.py --bytes 50000000 --seed 1 > text.txt
"""

import argparse
import random
import sys
import unicodedata

WORDS = {
    "latin": "the of and to in is was for that with house street river winter music history people "
    "children's don't we've I'm they'll you'd it's O'Brien state-of-the-art e.g. naïve café".split(),
    "accents": "déjà élève çà où straße größe Äpfel über żółć gęś łódź český řeka ñandú años ação "
    "não İstanbul ığdır çay øre år smörgåsbord Nguyễn Việt đường þjóð ﬁne ﬂow Ⅷ ½ ①".split(),
    "cyrillic": "привет мир слово дорога история зима музыка ёлка объект Київ їжак це".split(),
    "greek": "λόγος θάλασσα ιστορία μουσική ΟΔΥΣΣΕΥΣ σοφία καί ἀρχή ὁδός".split(),
    "han": ["東京", "大学", "你好", "世界", "历史", "中文", "漢字", "音樂", "𠮷野家", "。", "，"],
    "kana": ["こんにちは", "カタカナ", "ｶﾞｷﾞ", "ラーメン", "さくら", "が", "がっこう", "、"],
    "hangul": "안녕하세요 세계 한국어 음악 역사 각 값".split(),
    "arabic": "مرحبا بالعالم تاريخ موسيقى كِتَاب لا ١٢٣".split(),
    "hebrew": "שלום עולם היסטוריה שָׁלוֹם".split(),
    "indic": "नमस्ते दुनिया क्षत्रिय संगीत বাংলা தமிழ் १२३".split(),
    "thai": ["สวัสดี", "ชาวโลก", "ประวัติศาสตร์", "ກຳ"],
    "emoji": ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇩🇪", "❤️", "🏳️‍🌈", "☃", "🤷‍♀️", "1️⃣"],
    "numbers": ["3.14", "1,000", "2024", "42", "٣", "7%", "0xFF", "1e-9", "12345678", "²", "Ⅻ"],
    "code": ["x_1", "foo(bar)", "a+=b;", "{k: v}", "<b>", "</s>", "[MASK]", "#tag", "@me", "::", "->",
             "http://a.b/c?d=e&f", "__init__", "\\n", "$5", "“quoted”", "‘x’", "—", "…", "¿qué?"],
}
SPACES = [" "] * 40 + ["  ", "   ", "\t", "\u00a0", "\u3000", "\u2009", "\u200b", " \u00a0 ", "\r"]
MARKS = "\u0300\u0301\u0302\u0308\u0323\u0327\u0338\u20dd"


def line(rng):
    kinds = rng.sample(sorted(WORDS), rng.randint(1, 4))
    weights = [rng.random() + 0.2 for _ in kinds]
    parts = []
    for _ in range(rng.randint(0, 24)):
        word = rng.choice(WORDS[rng.choices(kinds, weights)[0]])
        chance = rng.random()
        if chance < 0.05:
            word = unicodedata.normalize(rng.choice(["NFD", "NFKD"]), word)
        elif chance < 0.08:
            word += rng.choice(MARKS) * rng.randint(1, 3)
        elif chance < 0.12:
            word = word.upper() if rng.random() < 0.5 else word.capitalize()
        elif chance < 0.15:
            word += rng.choice([".", "!", "?!", "...", ",", ";", ":", ")", "''"])
        elif chance < 0.17:
            word *= rng.randint(2, 5)
        elif chance < 0.175:
            word = chr(rng.choice([rng.randint(0x21, 0x2FF), rng.randint(0x370, 0x1FFF),
                                   rng.randint(0x2010, 0x2FFF), rng.randint(0x1F300, 0x1F5FF)]))
            # Characters of old standing: libraries differ in the version of Unicode that they know.
            word = word if unicodedata.ucd_3_2_0.category(word)[0] != "C" else "?"
        parts.append(word)
        if kinds[0] not in ("han", "kana", "thai") or rng.random() < 0.2:
            parts.append(rng.choice(SPACES))
    text = "".join(parts)
    if rng.random() < 0.8:
        text = text.strip()
    return text.replace("\n", " ")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int)
    parser.add_argument("--bytes", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    written = 0
    count = 0
    while (count < options.lines) if options.lines else (written < (options.bytes or 1_000_000)):
        data = (line(rng) + "\n").encode()
        sys.stdout.buffer.write(data)
        written += len(data)
        count += 1


if __name__ == "__main__":
    main()
