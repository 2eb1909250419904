extension Chain {
  /// The chain cut behind the last stage that is not one-to-one.
  ///
  /// The head must see the stream in order and on one thread, since it may hold or drop records; the
  /// tail gives one record for each and may run on any number of threads. Either may be missing.
  public func cutAfterLastCountingStage() throws -> (head: Chain?, tail: Chain?) {
    guard let last = stages.lastIndex(where: { !$0.descriptor.isOneToOne }) else {
      return (nil, self)
    }
    let rest = Array(stages[(last + 1)...])
    return (try prefix(last + 1), rest.isEmpty ? nil : try Chain(rest))
  }
}
