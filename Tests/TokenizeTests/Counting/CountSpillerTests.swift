import Glibc
import TestSupport
import Testing
import Tokenize

@Suite struct CountSpillerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(_ spillers: [CountSpiller]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try CountSpiller.write(spillers) { bytes += $0 }
    return bytes
  }

  private func merged(_ files: [String]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try CountSpiller.merge(files: files, folder: folder.path) { bytes += $0 }
    return bytes
  }

  /// However the tokens are dealt to spillers of whatever memory, and in whatever tree their files
  /// are merged, the bytes are those of one table in memory.
  @Test(arguments: 1...12) func anySplitAndAnyTreeGiveTheSameBytes(seed: Int) throws {
    var random = RandomText(seed: UInt64(seed))
    let tokens = TokenCountsTests.randomTokens(&random, count: 3000)
    let expected = try TokenCountsTests.counts(tokens).canonical
    var files: [String] = []
    var hasSpilled = false
    for part in Self.split(tokens, &random) {
      let spillers = (0...Int.random(in: 0...2, using: &random)).map { _ in
        CountSpiller(
          memory: 1 << Int.random(in: 12...18, using: &random), folder: folder.path)
      }
      for token in part {
        try spillers[Int.random(in: 0..<spillers.count, using: &random)].add(token)
      }
      hasSpilled = hasSpilled || spillers.contains(where: \.hasSpilled)
      files.append(try folder.write("\(files.count)", try written(spillers)))
    }
    while files.count > 1 {
      files.shuffle(using: &random)
      let group = files.prefix(Int.random(in: 2...4, using: &random))
      let sum = try merged(Array(group))
      files = files.dropFirst(group.count) + [try folder.write("sum\(files.count)", sum)]
    }
    #expect(hasSpilled)
    #expect(try readFile(files[0]) == expected)
  }

  private static func split(_ tokens: [[UInt8]], _ random: inout RandomText) -> [[[UInt8]]] {
    var parts = [[[UInt8]]](repeating: [], count: Int.random(in: 2...9, using: &random))
    for token in tokens { parts[Int.random(in: 0..<parts.count, using: &random)].append(token) }
    return parts
  }

  /// More runs than one level holds, and more files than are opened at once.
  @Test func manyRunsAndManyFiles() throws {
    let spiller = CountSpiller(memory: 512, folder: folder.path)
    var expected = TokenCounts()
    var files: [String] = []
    for i in 0..<1500 {
      let token = Array("token \(i % 700)".utf8)
      try spiller.add(token, count: UInt64(i + 1))
      try expected.add(token, count: UInt64(i + 1))
      if i < 300 {
        var one = TokenCounts()
        try one.add(token, count: UInt64(i + 1))
        files.append(try folder.write("f\(i)", one.canonical))
      }
    }
    #expect(spiller.hasSpilled)
    #expect(try written([spiller]) == expected.canonical)
    var first = TokenCounts()
    for i in 0..<300 { try first.add("token \(i)".utf8, count: UInt64(i + 1)) }
    #expect(try merged(files) == first.canonical)
  }

  @Test func runsHaveNoName() throws {
    let spiller = CountSpiller(memory: 512, folder: folder.path)
    for i in 0..<500 { try spiller.add("\(i)".utf8) }
    #expect(spiller.hasSpilled)
    let names = try BinaryRunner(folder: folder.path).shell("ls -A").stdout
    #expect(names == [])
  }

  @Test func nothingGivesNothing() throws {
    #expect(try written([CountSpiller(memory: 1 << 20, folder: folder.path)]) == [])
    #expect(try written([]) == [])
    #expect(try merged([folder.write("empty", "")]) == [])
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let spiller = CountSpiller(memory: 512, folder: folder.file("none"))
    let error = #expect(throws: (any Error).self) {
      for i in 0..<500 { try spiller.add("\(i)".utf8) }
    }
    #expect("\(String(describing: error))".contains(folder.file("none")))
  }

  @Test func sumsThatOverflowAreErrors() throws {
    let file = try folder.write("huge", "a\t18446744073709551615\n")
    #expect(throws: TokenizeError.countOverflow(token: [0x61])) { try merged([file, file]) }
  }
}
