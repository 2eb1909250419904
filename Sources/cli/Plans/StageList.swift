import Pipeline

/// Stages by id and options, in order, as the flags of a command ask for them.
struct StageList {
  private(set) var steps: [(id: String, options: JSONValue)] = []

  mutating func add(_ id: String, _ options: JSONValue = [:]) {
    steps.append((id, options))
  }

  /// The validated chain.
  func chain(in registry: Registry) throws -> Chain {
    try Chain(steps.map { try registry.make($0.id, options: $0.options) })
  }
}
