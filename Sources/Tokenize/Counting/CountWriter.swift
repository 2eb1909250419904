/// Writes counts as lines, in blocks.
struct CountWriter {
  private let blockSize = 256 << 10
  private let sink: ([UInt8]) throws -> Void
  private var block: [UInt8] = []

  init(_ sink: @escaping ([UInt8]) throws -> Void) {
    self.sink = sink
  }

  mutating func write(_ token: some Sequence<UInt8>, _ count: UInt64) throws {
    CountLine.append(token, count, to: &block)
    if block.count >= blockSize { try finish() }
  }

  /// Hands on what is left. Must be called at the end.
  mutating func finish() throws {
    if !block.isEmpty { try sink(block) }
    block.removeAll(keepingCapacity: true)
  }
}
