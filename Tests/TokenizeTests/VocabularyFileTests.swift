import TestSupport
import Testing
import Tokenize

@Suite struct VocabularyFileTests {
  private let folder: TemporaryFolder
  private let counts: String

  init() throws {
    folder = try TemporaryFolder()
    counts = try folder.write("counts", "\\t\t2\n<end>\t9\na\t2\nb\t3\nc\t3\nd\t1\n")
  }

  @Test func ordersByCountThenBytes() throws {
    let file = try VocabularyFile(countFiles: [counts])
    let text = String(decoding: file.text, as: UTF8.self)
    #expect(text == "<unk>\t0\n<end>\t0\nb\t3\nc\t3\n\\t\t2\na\t2\nd\t1\n")
    let small = try VocabularyFile(countFiles: [counts], specials: [], minCount: 2, maxSize: 3)
    #expect(String(decoding: small.text, as: UTF8.self) == "<end>\t9\nb\t3\nc\t3\n")
  }

  @Test func countsOfSeveralFilesAreAdded() throws {
    let more = try folder.write("more", "a\t5\nz\t4\n")
    let file = try VocabularyFile(countFiles: [counts, more], specials: ["<unk>"], maxSize: 3)
    #expect(String(decoding: file.text, as: UTF8.self) == "<unk>\t0\n<end>\t9\na\t7\nz\t4\n")
  }

  /// A limit gives the begin of what no limit gives, also where many tokens come and go.
  @Test func aLimitKeepsTheMostFrequent() throws {
    var random = RandomText(seed: 321)
    var all = TokenCounts()
    for i in 0..<20_000 {
      try all.add("t\(i)".utf8, count: UInt64.random(in: 1...50, using: &random))
    }
    let file = try folder.write("many", all.canonical)
    let whole = try VocabularyFile(countFiles: [file], specials: [])
    #expect(whole.counts.count == 20_000 && whole.counts == whole.counts.sorted(by: >))
    for limit in [1, 10, 3000] {
      let part = try VocabularyFile(countFiles: [file], specials: [], maxSize: limit)
      #expect(part.counts == Array(whole.counts.prefix(limit)))
      #expect(whole.text.starts(with: part.text))
    }
  }

  @Test func readsWhatItWrites() throws {
    let file = try VocabularyFile(countFiles: [counts])
    let again = try VocabularyFile(file: folder.write("v", file.text))
    #expect(again.vocabulary == file.vocabulary && again.counts == file.counts)
    #expect(again.vocabulary.specialCount == 2 && again.vocabulary.id(of: "\t") == 4)
  }

  @Test(arguments: [("a\t1\nb\t1\na\t1\n", 3), ("a\t1\n<unk>\t0\n", 2), ("<unk>\n", 1)])
  func refusesAMalformedFile(text: String, line: Int) throws {
    let path = try folder.write("v", text)
    let error = #expect(throws: TokenizeError.self) { try VocabularyFile(file: path) }
    guard case .malformedCounts(path, line, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aSpecialTokenTwiceIsAnError() {
    #expect(throws: TokenizeError.duplicateToken(bytes: [0x61])) {
      try VocabularyFile(countFiles: [counts], specials: ["a", "a"])
    }
  }
}
