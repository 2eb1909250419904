import Pipeline
import Synchronization
import Testing

@Suite struct ChainStreamTests {
  private func strings(_ stream: ChainStream<AsyncStream<String>, TextChunk>) async throws
    -> [[String]]
  {
    var chunks: [[String]] = []
    for try await chunk in stream { chunks.append((0..<chunk.count).map(chunk.string)) }
    return chunks
  }

  private func source(_ count: Int) -> AsyncStream<String> {
    AsyncStream { continuation in
      for i in 0..<count { continuation.yield("\(i)") }
      continuation.finish()
    }
  }

  @Test(arguments: [0, 1, 2, 3, 7, 100])
  func everyStringComesOutInOrder(count: Int) async throws {
    let chain = try Chain(Prefix(options: .init()))
    let chunks = try await strings(
      chain.stream(of: source(count), as: TextChunk.self, chunkSize: 3))
    #expect(Array(chunks.joined()) == (0..<count).map { ">\($0)" })
    #expect(chunks.dropLast().allSatisfy { $0.count == 3 })
    #expect(!chunks.contains([]))
  }

  @Test func whatStagesHoldBackComesAtTheEnd() async throws {
    let chain = try Chain(Join(), Prefix(options: .init()))
    let chunks = try await strings(
      chain.stream(of: source(10), as: TextChunk.self, chunkSize: 3))
    #expect(chunks == [[">0123456789"]])
  }

  /// No string is taken before it is needed.
  @Test func aSlowReaderSlowsTheSource() async throws {
    let taken = Mutex(0)
    let endless = AsyncStream<String> {
      taken.withLock {
        $0 += 1
        return "\($0)"
      }
    }
    let chain = try Chain(Prefix(options: .init()))
    var iterator = chain.stream(of: endless, as: TextChunk.self, chunkSize: 4).makeAsyncIterator()
    #expect(taken.withLock { $0 } == 0)
    for round in 1...5 {
      #expect(try await iterator.next()?.count == 4)
      #expect(taken.withLock { $0 } == 4 * round)
    }
  }

  private struct Broken: Error {}

  @Test func errorsOfTheSourceAndOfStagesAreThrown() async throws {
    let source = AsyncThrowingStream<String, any Error> { continuation in
      continuation.yield("a")
      continuation.finish(throwing: Broken())
    }
    let chain = try Chain(Prefix(options: .init()))
    await #expect(throws: Broken.self) {
      for try await _ in chain.stream(of: source, as: TextChunk.self) {}
    }
    let liar = try Chain(Liar())
    await #expect(throws: PipelineError.self) {
      for try await _ in liar.stream(of: self.source(2), as: TextChunk.self) {}
    }
    await #expect(throws: PipelineError.self) {
      for try await _ in chain.stream(of: self.source(2), as: IDChunk.self) {}
    }
  }
}
