/// Decodes the ids of a vocabulary: its tokens, joined.
public struct VocabularyDecoder: IDDecoder {
  private let vocabulary: Vocabulary
  private let separator: [UInt8]

  /// - Parameter unit: what the tokens were cut by: words, and what stands between white space, are
  ///   joined by a space, all else by nothing.
  public init(_ vocabulary: Vocabulary, unit: SegmentUnit) {
    self.vocabulary = vocabulary
    separator = unit == .word || unit == .whitespace ? [0x20] : []
  }

  public var idBound: Int { vocabulary.count }

  public func append(_ ids: ArraySlice<Int32>, skipsSpecials: Bool, to text: inout [UInt8]) {
    var record: [UInt8] = []
    for id in ids where !skipsSpecials || id >= vocabulary.specialCount {
      if !record.isEmpty { record += separator }
      record += vocabulary.token(id) ?? []
    }
    // Tokens of single bytes may be put together to what is no text.
    text += String(decoding: record, as: UTF8.self).utf8
  }
}
