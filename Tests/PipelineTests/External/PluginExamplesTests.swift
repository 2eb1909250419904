import Pipeline
import TestSupport
import Testing

/// Runs the examples under `examples/plugins` as they stand there.
@Suite(.timeLimit(.minutes(3))) struct PluginExamplesTests {
  static let folder = BinaryRunner.packageFolder + "/examples/plugins/"
  static let names = TextChunk(["Doe, Jane", "Cher", "", "Żółć ,  Ēriks", " , "])
  static let swapped = ["Jane Doe", "Cher", "", "Ēriks Żółć", " "]

  static func strings(_ stage: some Stage) throws -> [String] {
    var runner = try AnyStage(stage).makeRunner()
    let output = try #require(try runner.consume(names) as? TextChunk)
    #expect(try runner.finish() == nil)
    return (0..<output.count).map(output.string)
  }

  @Test func awk() throws {
    let stage = try #require(
      try ExternalStages.stage(for: "exec:\(Self.folder)awk/swap_names.awk"))
    let run = try #require(stage.base as? ProcessRun)
    #expect(try Self.strings(run) == Self.swapped)
    #expect(try StageLaws.violations(of: run, on: Self.names) == [])
  }

  @Test func python() throws {
    var options = ProcessRun.Options()
    options.program = Self.folder + "python/swap_names.py"
    options.mode = .records
    let stage = try ProcessRun(options: options)
    #expect(try Self.strings(stage) == Self.swapped)
    let naughty = TextChunk(NaughtyText.records)
    #expect(try StageLaws.violations(of: stage, on: naughty) == [])
  }

  /// The very file of the example, by a link; the whole package is built by `make test-long`.
  @Test func swift() throws {
    let registry = try Registry(ExternalStages.all + [StageEntry(SwapNames.self)])
    let stage = try registry.make("example.swap-names@1")
    #expect(try Self.strings(stage.base) == Self.swapped)
    #expect(try StageLaws.violations(of: SwapNames(), on: Self.names) == [])
  }
}
