import TestSupport
import Testing
import Tokenize

@Suite struct CountReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(
    _ text: some Sequence<UInt8>, order: CountReader.Order = .ascending
  ) throws -> [(token: [UInt8], count: UInt64)] {
    let reader = try CountReader(file: folder.write("counts", text), order: order)
    var entries: [(token: [UInt8], count: UInt64)] = []
    while try reader.advance() { entries.append((reader.token, reader.count)) }
    return entries
  }

  @Test func readsWhatCountsWrite() throws {
    var random = RandomText(seed: 311)
    let counts = try TokenCountsTests.counts(TokenCountsTests.randomTokens(&random, count: 4000))
    var again = TokenCounts()
    for entry in try read(counts.canonical) { try again.add(entry.token, count: entry.count) }
    #expect(again.canonical == counts.canonical)
  }

  @Test func aLineMayBeLongerThanABlockAndTheLastMayLackItsEnd() throws {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    let entries = try read(Array("a\t1\n".utf8) + long + Array("\t18446744073709551615".utf8))
    #expect(entries.map(\.token) == [[0x61], long])
    #expect(entries.map(\.count) == [1, .max])
  }

  @Test(arguments: [
    ("a 1\n", 1, "TAB"), ("a\t1\n\n", 2, "TAB"), ("a\t1\nb\t\n", 2, "count"),
    ("a\t01\n", 1, "count"), ("a\t-1\n", 1, "count"), ("a\t1 \n", 1, "count"),
    ("a\t1\r\n", 1, "count"), ("a\t18446744073709551616\n", 1, "count"),
    ("a\t0\n", 1, "at least 1"),
    ("a\tb\t1\n", 1, "count"), ("a\\x\t1\n", 1, "escape"), ("a\\\t1\n", 1, "escape"),
    ("a\r\t1\n", 1, "CR"), ("a\0\t1\n", 1, "NUL"), ("a\t1\na\t2\n", 2, "repeats"),
    ("a\t1\nc\t1\nb\t1\n", 3, "order"), ("ab\t1\na\t1\n", 2, "order"),
  ])
  func namesTheLineThatIsWrong(text: String, line: Int, word: String) throws {
    let error = #expect(throws: TokenizeError.self) { try read(text.utf8) }
    guard case .malformedCounts(folder.file("counts"), line, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains(word))
  }

  @Test func orderCanBeFree() throws {
    let entries = try read("<unk>\t0\nb\t3\na\t3\n".utf8, order: .any)
    #expect(entries.map(\.count) == [0, 3, 3])
  }

  @Test func aFileThatIsNotThereIsAnError() {
    #expect(throws: (any Error).self) { try CountReader(file: folder.file("none")) }
  }
}
