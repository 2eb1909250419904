import Pipeline
import Testing

@Suite struct ChainTests {
  @Test func stagesRunInOrder() throws {
    let chain = try Chain(
      Prefix(options: Prefix.Options(text: "b")), Prefix(options: Prefix.Options(text: "a")))
    let output = try chain.run(TextChunk(["x", ""]), as: TextChunk.self)
    #expect((0..<output.count).map(output.string) == ["abx", "ab"])
    #expect(chain.isOneToOne)
    #expect(chain.input == .text && chain.output == .text)
  }

  @Test func edgesMustFit() throws {
    let model = SampleModel(weights: [Float](repeating: 0, count: 21))
    let error = #expect(throws: PipelineError.self) { try Chain(model, Liar()) }
    #expect(
      error
        == .mismatchedEdge(
          from: "sample.model@1", gives: .predictions, to: "sample.liar@1", takes: .text))
    let message = "\(try #require(error))"
    #expect(message.contains("sample.model@1 gives predictions, but sample.liar@1 takes text"))
    #expect(throws: PipelineError.emptyChain) { try Chain([AnyStage]()) }
  }

  @Test func theCountLawIsChecked() throws {
    #expect(throws: PipelineError.brokenCount(stage: "sample.liar@1", taken: 2, given: 3)) {
      try Chain(Liar()).run(TextChunk(["a", "b"]), as: TextChunk.self)
    }
  }

  @Test func heldRecordsPassTheStagesAfter() throws {
    let chain = try Chain(Join(), Prefix(options: Prefix.Options(text: ">")))
    var runner = try chain.makeRunner()
    #expect(try runner.consume(TextChunk(["a", "b"])).count == 0)
    #expect(try runner.consume(TextChunk(["c"]), as: TextChunk.self).count == 0)
    let rest = try runner.finish()
    #expect(rest.compactMap { ($0 as? TextChunk)?.string(0) } == [">abc"])
    #expect(throws: PipelineError.self) { try chain.run(TextChunk(["a"]), as: TextChunk.self) }
  }

  @Test func wrongPayloadsAreNamed() throws {
    let chain = try Chain(Prefix(options: Prefix.Options()))
    let error = #expect(throws: PipelineError.self) {
      try chain.run(IDChunk(), as: TextChunk.self)
    }
    #expect(
      error == .wrongPayload(stage: "sample.prefix@1", given: "IDChunk", needed: "TextChunk"))
    #expect(throws: PipelineError.self) { try chain.run(TextChunk(), as: IDChunk.self) }
  }

  @Test func runnersDoNotShareState() throws {
    let chain = try Chain(Join())
    var first = try chain.makeRunner()
    var second = try chain.makeRunner()
    _ = try first.consume(TextChunk(["a"]))
    _ = try second.consume(TextChunk(["b"]))
    let held = try first.finish().compactMap { ($0 as? TextChunk)?.string(0) }
    #expect(held == ["a"])
  }

  @Test func typedStagesAreFound() throws {
    let chain = try SampleModel.chain()
    #expect(chain.first(Dropper.self)?.dropped == Array("xyz".utf8))
    #expect(chain.first(Liar.self) == nil)
    #expect(try chain.prefix(2).output == .text)
  }
}
