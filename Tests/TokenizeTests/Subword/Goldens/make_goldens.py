#!/usr/bin/env python3
"""Trains tokenizers of ten families with Hugging Face's `tokenizers` and two with SentencePiece, and
writes what they make of a text, for SubwordParityTests.

    pip install tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
    make_goldens.py --text TEXT... --lines LINES --out DIR [--vocabulary 600] [--full-rules]

DIR gets lines.txt (the text, one record per line) and for each family NAME.json (or .model) and
NAME.golden: per record the ids, a bar, and begin and end of each token in characters.
"""

import argparse
import os
import tempfile

import sentencepiece
from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers,
                        processors, trainers)

CL100K = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN = CL100K.replace("{1,3}", "")
BYTES = [f"<0x{i:02X}>" for i in range(256)]


def train(tokenizer, trainer, texts):
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def bpe(size, **options):
    return trainers.BpeTrainer(vocab_size=size, show_progress=False, **options)


def byte_level(texts, size, pre, **model):
    t = Tokenizer(models.BPE(**model))
    t.pre_tokenizer = pre
    t.decoder = decoders.ByteLevel()
    return train(t, bpe(size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                        special_tokens=["<|endoftext|>"]), texts)


def gpt2(texts, size):
    t = byte_level(texts, size, pre_tokenizers.ByteLevel(add_prefix_space=False))
    t.post_processor = processors.ByteLevel(trim_offsets=True)
    return t


def roberta(texts, size):
    t = Tokenizer(models.BPE(unk_token="<unk>"))
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    train(t, bpe(size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                 special_tokens=["<s>", "<pad>", "</s>", "<unk>"]), texts)
    t.add_special_tokens([AddedToken("<mask>", lstrip=True), AddedToken("[MASK]", rstrip=True)])
    t.add_tokens([AddedToken("river", single_word=True, normalized=True)])
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    t.decoder = decoders.ByteLevel()
    return t


def llama(texts, size):
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    train(t, bpe(size + 256, special_tokens=["<unk>", "<s>", "</s>"] + BYTES, limit_alphabet=150), texts)
    t.pre_tokenizer = None
    t.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B",
                                                     special_tokens=[("<s>", 1)])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(),
                                   decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    return t


def bert(texts, size):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    train(t, trainers.WordPieceTrainer(vocab_size=size, show_progress=False, limit_alphabet=300,
                                       special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]),
          texts)
    t.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    t.decoder = decoders.WordPiece()
    return t


def charsmap(texts, full):
    """The rules of a SentencePiece model: the full ones, or some that keep the file small."""
    model = spm([t for t in texts if t], 600, "unigram", full, character_coverage=0.98)
    return sentencepiece_model(model).normalizer_spec.precompiled_charsmap


def sentencepiece_model(data):
    from sentencepiece import sentencepiece_model_pb2 as pb
    model = pb.ModelProto()
    model.ParseFromString(data)
    return model


def t5(texts, size, full):
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.Precompiled(charsmap(texts, full)),
                                         normalizers.Replace(Regex(" {2,}"), " ")])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(),
                                               pre_tokenizers.Metaspace()])
    train(t, trainers.UnigramTrainer(vocab_size=size, show_progress=False, unk_token="<unk>",
                                     special_tokens=["<pad>", "</s>", "<unk>"]), texts)
    t.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>",
                                                     special_tokens=[("</s>", 1)])
    t.decoder = decoders.Metaspace()
    return t


def albert(texts, size):
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([
        normalizers.Replace("``", '"'), normalizers.Nmt(), normalizers.NFKD(),
        normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip()])
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    train(t, trainers.UnigramTrainer(vocab_size=size, show_progress=False, unk_token="<unk>",
                                     special_tokens=["<unk>", "</s>"]), texts)
    t.decoder = decoders.Metaspace(prepend_scheme="first")
    return t


def wordlevel(texts, size):
    t = Tokenizer(models.WordLevel(unk_token="<unk>"))
    t.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(),
                                         normalizers.StripAccents()])
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    train(t, trainers.WordLevelTrainer(vocab_size=size, show_progress=False,
                                       special_tokens=["<unk>"]), texts)
    t.enable_truncation(20)
    t.enable_padding(length=8, pad_id=0, pad_token="<unk>")
    return t


def llama3(texts, size):
    t = byte_level(texts, size, pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(CL100K), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]), ignore_merges=True)
    t.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(single="<|endoftext|> $A", pair="$A $B",
                                      special_tokens=[("<|endoftext|>", 0)])])
    return t


def qwen(texts, size):
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    return train(t, bpe(size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                        special_tokens=["</s>"]), texts)


def chain(texts, size):
    t = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.NFKC()
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("merged_with_previous"),
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.Split(Regex(r"[a-c]+\p{Han}?|-"), "merged_with_next"),
        pre_tokenizers.UnicodeScripts(), pre_tokenizers.CharDelimiterSplit("x"),
        pre_tokenizers.FixedLength(6)])
    t.decoder = decoders.BPEDecoder()
    return train(t, bpe(size, special_tokens=["<unk>"], end_of_word_suffix="</w>",
                        limit_alphabet=200), texts)


def spm(texts, size, kind, full, **options):
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "text")
        rules = os.path.join(folder, "rules.tsv")
        with open(text, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(line + "\n" for line in texts)
        with open(rules, "w") as file:
            file.write("A0\t20\n3000\t20\n9\t20\nD\t20\n200B\t\nFB01\t66 69\nBD\t31 2F 32\n2460\t31\n"
                       "65 301\tE9\n304B 3099\t304C\nFF76 FF9E\t30AC\n130\t69\n1F600\t3A 29\n")
        prefix = os.path.join(folder, "m")
        name = {"normalization_rule_name": "nmt_nfkc"} if full else {"normalization_rule_tsv": rules}
        sentencepiece.SentencePieceTrainer.train(
            input=text, model_prefix=prefix, vocab_size=size, model_type=kind, minloglevel=2,
            hard_vocab_limit=False, num_threads=1, **name, **options)
        with open(prefix + ".model", "rb") as file:
            return file.read()


def write_spm(name, data, lines, out):
    with open(os.path.join(out, name + ".model"), "wb") as file:
        file.write(data)
    processor = sentencepiece.SentencePieceProcessor(model_proto=data)
    with open(os.path.join(out, name + ".golden"), "w") as file:
        for line in lines:
            file.write(" ".join(map(str, processor.encode(line))) + "\n")


def write_trained(lines, out):
    """What the library's trainer learns from the lines, for BPETrainerTests."""
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    train(t, bpe(500, min_frequency=2, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                 special_tokens=["<s>"]), lines)
    t.save(os.path.join(out, "trained-bytes.json"), pretty=False)
    t = Tokenizer(models.BPE(unk_token="<unk>"))
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    train(t, bpe(900, min_frequency=2, special_tokens=["<s>", "<unk>"]), lines)
    t.save(os.path.join(out, "trained-characters.json"), pretty=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--text", nargs="+", required=True)
    parser.add_argument("--lines", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--vocabulary", type=int, default=600)
    parser.add_argument("--full-rules", action="store_true")
    options = parser.parse_args()
    texts = [line.rstrip("\n") for path in options.text
             for line in open(path, encoding="utf-8", newline="\n")]
    lines = [line.rstrip("\n") for line in open(options.lines, encoding="utf-8", newline="\n")]
    size = options.vocabulary
    os.makedirs(options.out, exist_ok=True)
    with open(os.path.join(options.out, "lines.txt"), "w", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)
    for family in [gpt2, roberta, llama, bert, t5, albert, wordlevel, llama3, qwen, chain]:
        tokenizer = family(texts, size, options.full_rules) if family is t5 else family(texts, size)
        path = os.path.join(options.out, family.__name__)
        tokenizer.save(path + ".json", pretty=False)
        tokenizer = Tokenizer.from_file(path + ".json")
        with open(path + ".golden", "w") as file:
            for line in lines:
                encoding = tokenizer.encode(line)
                offsets = " ".join(f"{b} {e}" for b, e in encoding.offsets)
                file.write(" ".join(map(str, encoding.ids)) + "|" + offsets + "\n")
        with open(path + ".decoded", "w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                text = tokenizer.decode(tokenizer.encode(line).ids)
                file.write(text.replace("\\", "\\\\").replace("\n", "\\n") + "\n")
    write_trained(lines, options.out)
    texts = [text for text in texts if text]
    write_spm("spm-bpe", spm(texts, size + 256, "bpe", options.full_rules, byte_fallback=True,
                             character_coverage=0.98, user_defined_symbols=["</b>", "river"]),
              lines, options.out)
    write_spm("spm-unigram", spm(texts, size, "unigram", options.full_rules, character_coverage=0.98,
                                 user_defined_symbols=["[MASK]"]), lines, options.out)
    write_spm("spm-spaces", spm(texts, size, "unigram", options.full_rules, byte_fallback=True,
                                character_coverage=0.98, remove_extra_whitespaces=False,
                                add_dummy_prefix=False), lines, options.out)


if __name__ == "__main__":
    main()
