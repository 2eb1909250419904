/// What a chain makes of an asynchronous sequence of strings: one chunk after another.
///
/// Back pressure comes by itself: no string is asked for before the chunk is asked for that it goes
/// into, so memory is that of one chunk, and a slow reader slows the source. A chunk ends after
/// `chunkSize` strings or with the sequence; with 1, every string is answered before the next is
/// asked for. An error of the source or of a stage ends the stream.
public struct ChainStream<Base: AsyncSequence, Output: Payload>: AsyncSequence
where Base.Element: StringProtocol {
  public typealias Element = Output

  private let chain: Chain
  private let base: Base
  private let chunkSize: Int
  private let context: RunContext

  init(chain: Chain, base: Base, chunkSize: Int, context: RunContext) {
    self.chain = chain
    self.base = base
    self.chunkSize = chunkSize
    self.context = context
  }

  /// Takes strings from the source as chunks are asked for.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private var base: Base.AsyncIterator
    private let chunkSize: Int
    private let start: () throws -> ChainRunner
    private var runner: ChainRunner?
    private var rest: ArraySlice<any Payload> = []
    private var isAtEnd = false

    fileprivate init(_ stream: ChainStream) {
      base = stream.base.makeAsyncIterator()
      chunkSize = Swift.max(1, stream.chunkSize)
      start = { try stream.chain.makeRunner(stream.context) }
    }

    /// The next chunk that holds a record; `nil` after the last.
    /// - Throws: what the source and the stages throw; `PipelineError.wrongPayload` where the chain
    ///   gives another type than `Output`.
    public mutating func next() async throws -> Output? {
      while true {
        if let payload = rest.popFirst() { return try typed(payload) }
        guard !isAtEnd else { return nil }
        var chain = try runner ?? start()
        defer { runner = chain }
        let text = try await chunk()
        if text.count > 0 {
          let output = try chain.consume(text, as: Output.self)
          if output.count > 0 { return output }
        }
        if isAtEnd { rest = try chain.finish()[...] }
      }
    }

    private mutating func chunk() async throws -> TextChunk {
      var text = TextChunk()
      while text.count < chunkSize {
        guard let record = try await base.next() else {
          isAtEnd = true
          break
        }
        text.append(record.utf8)
      }
      return text
    }

    private func typed(_ payload: any Payload) throws -> Output {
      guard let output = payload as? Output else {
        throw PipelineError.wrongPayload(
          stage: "the end of the chain", given: "\(type(of: payload))", needed: "\(Output.self)")
      }
      return output
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension ChainStream: Sendable where Base: Sendable {}

extension Chain {
  /// The chain at work on an asynchronous sequence of strings.
  ///
  ///     for try await answers in chain.stream(of: names, as: PredictionChunk.self) { ... }
  ///
  /// - Parameters:
  ///   - chunkSize: how many strings go through the chain at once, at most; 1 answers each at once.
  ///   - context: whether offsets are wanted.
  public func stream<Base: AsyncSequence, Output: Payload>(
    of strings: Base, as type: Output.Type, chunkSize: Int = 256, context: RunContext = RunContext()
  ) -> ChainStream<Base, Output> where Base.Element: StringProtocol {
    ChainStream(chain: self, base: strings, chunkSize: chunkSize, context: context)
  }
}
