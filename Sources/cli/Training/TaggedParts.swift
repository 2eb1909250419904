import Pipeline

/// Tagged sentences, cut into what is learnt from and what is judged on. Both have the same tags.
struct TaggedParts {
  let train: TaggedDataset
  /// `nil` where nothing is kept for it.
  let dev: TaggedDataset?

  /// Reads the data.
  /// - Throws: `CLIError.badData` where there are no two tags to tell apart, or where the dev file has
  ///   one that the training data lack.
  init(
    _ paths: [String], _ columns: ColumnOptions, _ records: RecordOptions, dev: DevelopmentPart
  ) throws {
    let data = try columns.read(paths, records)
    guard data.tagNames.count > 1 else {
      throw CLIError.badData(
        "all \(data.tokenCount) tokens have the tag \"\(data.tagNames.joined())\" "
          + "(a tagger needs two tags or more)")
    }
    switch dev {
    case .file(let path):
      let judged = try columns.read([path], records)
      train = data
      self.dev = TaggedDataset(
        sentences: judged.sentences, tags: try judged.targets(in: data.tagNames),
        tagNames: data.tagNames)
    case .percent(let percent):
      let parts = data.split(devFraction: percent / 100)
      let isUsable = parts.train.count > 0 && parts.dev.count > 0
      train = isUsable ? parts.train : data
      self.dev = isUsable ? parts.dev : nil
    }
  }
}

extension TaggedDataset {
  /// The tags as places in a model's list.
  /// - Throws: `CLIError.badData` for a tag that the list lacks.
  func targets(in names: [String]) throws -> [Int32] {
    let targets = tags(asIn: names)
    if let token = targets.firstIndex(of: -1) {
      let name = tagNames[Int(tags[token])]
      throw CLIError.badData(
        "token \(token + 1): tag \"\(name)\" is not among the model's "
          + Nearest.hint(for: name, among: names))
    }
    return targets
  }
}
