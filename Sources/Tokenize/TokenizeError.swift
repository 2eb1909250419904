public import Pipeline

/// What can be wrong with the options, resources or data of a text stage.
public enum TokenizeError: Error, Hashable, Sendable {
  /// An option's value has no meaning: stage, option, what is wrong and what to do.
  case invalidOption(stage: String, option: String, reason: String)
  /// ICU refused a transliteration: the rules, and ICU's words.
  case invalidTransliteration(rules: String, reason: String)
  /// A saved resource is not what its stage wrote: resource, byte offset, what is wrong.
  case malformedResource(resource: String, offset: Int, reason: String)
  /// A token that the vocabulary lacks, under the rule that this is an error.
  case unknownToken(bytes: [UInt8], record: Int)
  /// An id that no token has: the 0-based record of its chunk, and one more than the highest id.
  case unknownID(Int32, record: Int, bound: Int)
  /// A chunk would pass 4 GiB by this stage.
  case chunkTooLarge(stage: String)
  /// A tokenizer's file makes far too long a text of a record.
  case textTooLong(limit: Int)
  /// A vocabulary or feature table would pass 2^31 - 1 entries or 4 GiB.
  case tableTooLarge(String)
  /// The same token stands twice where each may stand once.
  case duplicateToken(bytes: [UInt8])
  /// A tokenizer's file is malformed or has a part that is not known: file, path in its JSON (or
  /// field of its message), what is wrong.
  case malformedTokenizer(file: String, path: String, problem: String)
  /// A regular expression of a tokenizer is not one that ICU can compile.
  case invalidPattern(String, offset: Int)
  /// A count would pass 2^64 - 1.
  case countOverflow(token: [UInt8])
  /// A line of a count file or vocabulary file is not what it must be.
  case malformedCounts(file: String, line: Int, reason: String)
  /// ICU failed for no reason that the data explains: operation and status.
  case icu(operation: String, status: Int32)
}

extension TokenizeError: CategorizedError {
  public var category: ErrorCategory {
    switch self {
    case .invalidOption, .invalidTransliteration: .usage
    case .malformedResource, .unknownToken, .unknownID, .chunkTooLarge, .textTooLong,
      .tableTooLarge, .duplicateToken, .malformedTokenizer, .invalidPattern, .countOverflow,
      .malformedCounts:
      .badData
    case .icu: .software
    }
  }

  /// One line: what is wrong, where (what to do).
  public var description: String {
    switch self {
    case .invalidOption(let stage, let option, let reason):
      "\(stage): option \(option): \(Escaping.printable(reason))"
    case .invalidTransliteration(let rules, let reason):
      "transliteration '\(Escaping.printable(rules))' is not known to ICU (\(reason)): "
        + "give an id such as Any-Latin, or rules such as 'ä > ae;'"
    case .malformedResource(let resource, let offset, let reason):
      "\(Escaping.printable(resource)):\(offset): \(reason) (the file is damaged or not ours)"
    case .unknownToken(let bytes, let record):
      "record \(record) of its chunk: token '\(Escaping.printable(bytes))' is not in the "
        + "vocabulary (choose another rule for unknown tokens)"
    case .unknownID(let id, let record, let bound):
      "record \(record) of its chunk: no token has the id \(id) (ids are from 0 to \(bound - 1))"
    case .chunkTooLarge(let stage):
      "\(stage): the text grows past 4 GiB in one chunk (use smaller chunks)"
    case .textTooLong(let limit):
      "the tokenizer makes a text of more than \(limit) bytes of a record (its normalizer or decoder "
        + "puts long texts in the place of short ones)"
    case .tableTooLarge(let what):
      "\(what) passes 2^31 - 1 entries or 4 GiB (raise minCount or set maxSize)"
    case .duplicateToken(let bytes):
      "token '\(Escaping.printable(bytes))' stands twice (each token must stand once)"
    case .malformedTokenizer(let file, let path, let problem):
      "\(Escaping.printable(file)):\(Escaping.printable(path)): \(problem)"
    case .invalidPattern(let pattern, let offset):
      "the regular expression '\(Escaping.printable(pattern))' is not understood from character "
        + "\(offset) on (ICU's syntax is known)"
    case .countOverflow(let token):
      "the count of token '\(Escaping.printable(token))' passes 2^64 - 1 (the counts are not real)"
    case .malformedCounts(let file, let line, let reason):
      "\(Escaping.printable(file)):\(line): the line \(reason) (`seqtool vocab count` writes what "
        + "is read here)"
    case .icu(let operation, let status):
      "ICU failed to \(operation) (status \(status))"
    }
  }
}
