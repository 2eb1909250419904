/// The stages that a program knows: an immutable value, handed to whoever needs it.
///
///     let registry = try Registry(TokenizeStages.all + SeqStages.all + MyStages.all)
public struct Registry: Sendable {
  /// All rows, sorted by the bytes of their ids.
  public let entries: [StageEntry]
  private let index: [String: Int]

  /// - Throws: `PipelineError.duplicateStage` where two entries have one id.
  public init(_ entries: [StageEntry]) throws {
    self.entries = entries.sorted {
      $0.descriptor.id.utf8.lexicographicallyPrecedes($1.descriptor.id.utf8)
    }
    var index: [String: Int] = [:]
    for (position, entry) in self.entries.enumerated() {
      guard index.updateValue(position, forKey: entry.descriptor.id) == nil else {
        throw PipelineError.duplicateStage(entry.descriptor.id)
      }
    }
    self.index = index
  }

  /// The ids, sorted by bytes.
  public var ids: [String] { entries.map(\.descriptor.id) }

  /// The row of that id.
  /// - Throws: `PipelineError.unknownStage`, which lists the known ones.
  public func entry(_ id: String) throws -> StageEntry {
    guard let position = index[id] else { throw PipelineError.unknownStage(id, known: ids) }
    return entries[position]
  }

  /// Makes a stage by its id, without resources (a fitted stage is made by its `fit`).
  public func make(_ id: String, options: JSONValue = [:]) throws -> AnyStage {
    try entry(id).make(options: options)
  }
}
