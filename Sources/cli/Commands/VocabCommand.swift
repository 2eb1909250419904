import ArgumentParser

/// `seqtool vocab`: counts of tokens, and vocabularies made of them.
struct VocabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocab",
    abstract: "Count tokens, merge counts, build a vocabulary.",
    discussion: """
      A count file has one line for each token, `token TAB count`, sorted by the bytes of the token; \
      \\t \\n \\r \\0 \\\\ stand for bytes that would break the line. However a corpus is cut and \
      whatever the order of merging, the file is the same, byte for byte.

        seqtool vocab count --lowercase a.txt > a.counts
        seqtool vocab merge a.counts b.counts > all.counts
        seqtool vocab build --min-count 2 --max-size 30000 all.counts > words.vocab
        seqtool vocab bpe --size 8192 a.txt -o tokenizer.json
      """,
    subcommands: [
      VocabCountCommand.self, VocabMergeCommand.self, VocabBuildCommand.self,
      VocabInfoCommand.self, VocabBPECommand.self,
    ])
}
