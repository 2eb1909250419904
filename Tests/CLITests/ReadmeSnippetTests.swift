import Pipeline
import Seq
import TestSupport
import Testing
import Tokenize

/// The code of the documents compiles and works: it stands here word for word.
@Suite struct ReadmeSnippetTests {
  @Test func theSnippetOfTheReadmeIsTheOneBelow() throws {
    try expectCodeBlock(of: "README.md", inTestFile: "ReadmeSnippetTests.swift")
    try expectCodeBlock(of: "CONTRIBUTING.md", inTestFile: "ReadmeSnippetTests.swift")
  }

  @Test func itClassifies() async throws {
    var printed: [String] = []
    func print(_ words: String...) { printed.append(words.joined(separator: " ")) }
    let folder = try TemporaryFolder()
    let path = try folder.write("my.seqmodel", try ModelFixture.bytes())

    let registry = try Registry(TokenizeStages.all + SeqStages.all)
    let model = try ModelFile.read(path, registry: registry)
    let names = TextChunk(["Satoshi", "Nguyễn"])
    let answers = try model.chain.run(names, as: PredictionChunk.self)
    for i in 0..<answers.count {
      let best = zip(answers.labels, answers.row(i)).max { $0.1 < $1.1 }
      print(names.string(i), best?.0 ?? "")
    }

    let lines = AsyncStream<String> { _ = ($0.yield("Satoshi"), $0.finish()) }
    for try await answers in model.chain.stream(of: lines, as: PredictionChunk.self) {
      print("\(answers.count) at a time")
    }

    #expect(printed.count == 3 && printed[2] == "1 at a time")
    #expect(printed[0].hasPrefix("Satoshi ") && printed[0].count > "Satoshi ".count)
  }

  @Test func theStageOfTheGuideObeysTheLaws() throws {
    let input = TextChunk(["ab", "", "né", "日本"])
    #expect(try StageLaws.violations(of: Reverse(), on: input).isEmpty)
    let output = try Chain(Reverse()).run(input, as: TextChunk.self)
    #expect((0..<4).map(output.string) == ["ba", "", "én", "本日"])
  }

  /// Every line of the document's Swift blocks, its own file's name aside, is a line of the test.
  private func expectCodeBlock(of document: String, inTestFile name: String) throws {
    func trimmed(_ line: some StringProtocol) -> String {
      String(line.drop { $0 == " " })
    }
    let test = try SourceFile.all(under: "Tests/CLITests").first { $0.path.hasSuffix("/" + name) }
    let known = Set(try #require(test).lines.map { trimmed($0) })
    let text = String(
      decoding: try readFile(BinaryRunner.packageFolder + "/" + document), as: UTF8.self)
    var isCode = false
    var count = 0
    for line in text.split(separator: "\n").map({ trimmed($0) }) {
      if line.hasPrefix("```") {
        isCode = line == "```swift"
      } else if isCode {
        count += 1
        let here = line.replacing("\"my.seqmodel\"", with: "path")
        #expect(known.contains(here), "\(document): \(line)")
      }
    }
    #expect(count > 5)
  }
}

/// Writes every record backwards, by Unicode scalar.
struct Reverse: Stage {
  static let descriptor = StageDescriptor(
    id: "example.reverse@1", summary: "Write records backwards", input: .text, output: .text)

  let options: NoOptions

  init(options: NoOptions = NoOptions(), resources: ResourceReader = ResourceReader()) {
    self.options = options
  }

  func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    Runner()
  }

  private struct Runner: StageRunner {
    func consume(_ chunk: TextChunk) -> TextChunk {
      var output = TextChunk()
      for i in 0..<chunk.count {
        let scalars = chunk.string(i).unicodeScalars.reversed()
        output.append(String(String.UnicodeScalarView(scalars)).utf8)
      }
      return output
    }
  }
}
