public import Pipeline

/// Learns a byte-pair encoding: the most frequent pair of neighbours becomes a token, again and
/// again, until the vocabulary is full.
///
/// The result is a function of the text alone: of pairs with equal counts the one with the lower ids
/// is merged, which is what Hugging Face's trainer does; ids begin with the special tokens, then the
/// alphabet in the order of its scalars, then the merges as they come. Counts of words add up
/// whatever the order of the chunks. Each merge costs time in proportion to the words it occurs in.
///
///     var trainer = try BPETrainer(BPETrainingOptions(vocabularySize: 8192))
///     try trainer.count(chunk)
///     let definition = try trainer.train()
public struct BPETrainer {
  private let options: BPETrainingOptions
  private var words = ByteStringTable()
  private var counts: [Int] = []

  /// - Throws: `TokenizeError.invalidOption`.
  public init(_ options: BPETrainingOptions) throws {
    let invalid = { (option: String, reason: String) in
      TokenizeError.invalidOption(
        stage: SubwordEncode.descriptor.id, option: "training.\(option)", reason: reason)
    }
    guard options.vocabularySize > 0, options.vocabularySize < TokenTable.maximumID else {
      throw invalid("vocabularySize", "must be from 1 to \(TokenTable.maximumID - 1)")
    }
    guard options.minFrequency >= 0 else { throw invalid("minFrequency", "must be 0 or more") }
    guard !options.specialTokens.contains("") else {
      throw invalid("specialTokens", "a special token cannot be empty")
    }
    self.options = options
  }

  /// Counts the words of a chunk of training data.
  /// - Throws: `TokenizeError.tableTooLarge` past 2^31 - 2 distinct words or 4 GiB of them.
  public mutating func count(_ chunk: TextChunk) throws {
    let context = EncodingContext(tracksOffsets: false)
    let splitter: any PreTokenizer =
      switch options.alphabet {
      case .bytes: ByteLevelSplitter(addsSpace: false, usesPattern: true, writesAlphabet: false)
      case .characters:
        MetaspaceSplitter(replacement: Metaspace.bytes, scheme: .always, splits: true)
      }
    var document = Document(tracksOffsets: false)
    for record in 0..<chunk.count {
      let range = chunk.range(record)
      if range.isEmpty { continue }
      document.removeAll()
      document.text.bytes.append(contentsOf: chunk.bytes[range])
      document.splits.append(Split(0, range.count))
      try splitter.apply(to: &document, context)
      try document.text.bytes.withUnsafeBufferPointer { bytes in
        for split in document.splits {
          let word = UnsafeBufferPointer(rebasing: bytes[Int(split.start)..<Int(split.end)])
          let (id, isNew) = try words.insert(word)
          if isNew { counts.append(1) } else { counts[Int(id)] += 1 }
        }
      }
    }
  }

  /// Learns the merges from what was counted.
  /// The alphabet is never cut short: the vocabulary is at least as large.
  public func train() throws -> SubwordDefinition {
    var learner = BPELearner(options)
    learner.addAlphabet(of: words)
    learner.addWords(words, counts)
    learner.learn()
    let source = HFTokenizerWriter.bytes(
      bpe: learner.tokens, merges: learner.merges, options: options)
    return try SubwordDefinition(source: source, file: "tokenizer.json")
  }
}
