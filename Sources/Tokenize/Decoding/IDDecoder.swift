public import Pipeline

/// Turns ids back into text: the other direction of a stage that gives ids.
public protocol IDDecoder: Sendable {
  /// One more than the highest id.
  var idBound: Int { get }

  /// Appends the text of one record's ids, all of them below `idBound`; well-formed UTF-8.
  /// - Parameter skipsSpecials: whether special tokens are left out.
  func append(_ ids: ArraySlice<Int32>, skipsSpecials: Bool, to text: inout [UInt8]) throws
}

extension IDDecoder {
  /// The texts of all records.
  /// - Throws: `TokenizeError.unknownID` for an id that is none.
  public func decode(_ chunk: IDChunk, skipsSpecials: Bool = false) throws -> TextChunk {
    let bound = idBound
    var text = TextChunk()
    text.ends.reserveCapacity(chunk.count)
    for record in 0..<chunk.count {
      let ids = chunk.ids[chunk.range(record)]
      if let id = ids.first(where: { $0 < 0 || Int($0) >= bound }) {
        throw TokenizeError.unknownID(id, record: record, bound: bound)
      }
      try append(ids, skipsSpecials: skipsSpecials, to: &text.bytes)
      guard let end = UInt32(exactly: text.bytes.count) else {
        throw TokenizeError.chunkTooLarge(stage: "decode")
      }
      text.ends.append(end)
    }
    return text
  }
}

extension Chain {
  /// What undoes the stage of the chain that gives ids; `nil` where there is none that can be undone.
  /// Tokens are joined as they were cut: words by a space, smaller units by nothing.
  public var idDecoder: (any IDDecoder)? {
    for stage in stages {
      if let subword = stage.base as? SubwordEncode {
        return SubwordDecoder(subword.definition.tokenizer)
      }
      if let vocabulary = stage.base as? VocabularyStage {
        let unit = first(SegmentUnicode.self)?.options.by ?? .grapheme
        return VocabularyDecoder(vocabulary.vocabulary, unit: unit)
      }
    }
    return nil
  }
}
