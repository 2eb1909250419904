import Pipeline
import TestSupport
import Testing

@Suite struct TaggedReaderTests {
  private func read(
    _ bytes: some Sequence<UInt8>, _ change: (inout TaggedReader.Options) -> Void = { _ in }
  ) throws -> TaggedDataset {
    let folder = try TemporaryFolder()
    try folder.write("data", Array(bytes))
    var options = TaggedReader.Options()
    change(&options)
    return try TaggedReader.read([folder.path + "/data"], options: options)
  }

  private func sentences(_ data: TaggedDataset) -> [String] {
    (0..<data.count).map { i in
      zip(data.sentences.strings(i), data.sentences.tokens(i))
        .map { "\($0)/\(data.tagNames[Int(data.tags[$1])])" }.joined(separator: " ")
    }
  }

  @Test(arguments: [
    "Ann B-P\nran O\n\nBo B-P\n", "Ann B-P\r\nran O\r\n\r\nBo B-P",
    "\u{FEFF}Ann\tB-P\nran  \t O \n \t \nBo B-P\n\n\n",
    "-DOCSTART- -X- O\n\nAnn NN B-P\nran VB O\n-DOCSTART- O\nBo NN B-P\n",
  ])
  func sentencesEndWhereLinesAreEmpty(text: String) throws {
    let data = try read(text.utf8)
    #expect(sentences(data) == ["Ann/B-P ran/O", "Bo/B-P"])
    #expect(data.tagNames == ["B-P", "O"])
  }

  @Test func otherColumnsCanBeAskedFor() throws {
    let text = "1 Ann NN B-P\n2 ran VB O\n"
    let data = try read(text.utf8) { ($0.tokenColumn, $0.tagColumn) = (2, -2) }
    #expect(sentences(data) == ["Ann/NN ran/VB"])
  }

  @Test func aMissingColumnIsNamedByFileAndLine() throws {
    for (text, line) in [("a O\nb\n", 2), ("a O\n\n\nb", 4)] {
      let error = #expect(throws: PipelineError.self) { try read(text.utf8) }
      #expect(error?.description.contains("data:\(line): 1 column") == true)
      #expect(error?.category == .badData)
    }
    let error = #expect(throws: PipelineError.self) {
      try read("a b O\na O\n".utf8) { $0.tagColumn = 3 }
    }
    #expect(error?.description.contains("data:2: 2 columns") == true)
  }

  @Test func malformedTextIsTreatedAsAsked() throws {
    let bytes = Array("a".utf8) + [0xFF] + Array(" O\nb O\n".utf8)
    #expect(try sentences(read(bytes)) == ["a\u{FFFD}/O b/O"])
    #expect(throws: PipelineError.self) { try read(bytes) { $0.records.invalid = .error } }
    #expect(try sentences(read(bytes) { $0.records.invalid = .skip }) == ["b/O"])
  }

  @Test func splitDependsOnTheSentenceAloneAndLosesNone() throws {
    let lines = (0..<2000).map { "word\($0 / 2) A\nend B\n\n" }
    let data = try read(lines.joined().utf8)
    let (train, dev) = data.split(devFraction: 0.05)
    #expect(train.count + dev.count == 2000 && train.tokenCount + dev.tokenCount == 4000)
    #expect((50...160).contains(dev.count))
    #expect(Set(sentences(train)).isDisjoint(with: sentences(dev)))
    let reversed = try read(lines.reversed().joined().utf8).split(devFraction: 0.05).dev
    #expect(sentences(reversed).sorted() == sentences(dev).sorted())
    #expect(data.subset([3, 0]).digest != data.subset([0, 3]).digest)
    #expect(data.digest == (try read(lines.joined(separator: "\n").utf8)).digest)
    #expect(train.tags(asIn: ["B", "x"]).prefix(2) == [-1, 0])
  }
}
