public import Pipeline

/// Sentences with the tags to learn.
public struct TaggerExamples: Sendable {
  /// N sentences.
  public var ids: IDChunk
  /// For each token of all sentences, its tag.
  public var tags: [Int32]

  public init(ids: IDChunk, tags: [Int32]) {
    self.ids = ids
    self.tags = tags
  }

  /// - Throws: `SeqError.unusableData` where there is not one tag for each token, or an id or tag is
  ///   none of the model's.
  func validate(for options: TaggerOptions, tagCount: Int) throws {
    guard ids.ids.count == tags.count else {
      throw SeqError.unusableData("there are \(tags.count) tags for \(ids.ids.count) tokens")
    }
    if let i = tags.firstIndex(where: { !(0..<Int32(tagCount)).contains($0) }) {
      throw SeqError.unusableData(
        "token \(i + 1) has tag \(tags[i]), but there are \(tagCount) tags")
    }
    try ids.validate(for: options)
  }
}
