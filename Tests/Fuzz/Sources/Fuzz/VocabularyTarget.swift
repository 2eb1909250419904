@testable import Pipeline
@testable import Tokenize

/// Vocabulary files, count files and the tables of model files: what is accepted is written back byte
/// for byte.
struct VocabularyTarget: FuzzTarget {
  private let file = MemoryFile()
  private let second = MemoryFile()

  func test(_ input: [UInt8]) throws {
    var source = ByteSource(input)
    let kind = source.byte() % 5
    let place = source.size(upTo: 1 << 16)
    let bytes = Array(source.rest)
    switch kind {
    case 0: try checkFile(bytes)
    case 1: try checkCounts(bytes)
    case 2: try checkMerge(bytes, place)
    case 3: try checkVocabulary(bytes)
    default: try checkNGrams(bytes)
    }
  }

  /// `token TAB count` for each id.
  private func checkFile(_ bytes: [UInt8]) throws {
    file.write(bytes)
    let vocabulary = try VocabularyFile(file: file.path)
    let lines = bytes.isEmpty || bytes.last == 0x0A ? bytes : bytes + [0x0A]
    law(vocabulary.text == lines, "a vocabulary file is written back otherwise")
    checkIDs(vocabulary.vocabulary)
    let summary = try CountSummary(file: file.path)
    law(
      summary.types + summary.specialTokens == vocabulary.counts.count,
      "\(summary.types) types and \(summary.specialTokens) special tokens")
    let half = summary.types(covering: 0.5)
    law(half >= 0 && half <= summary.types, "\(half) types cover a half of \(summary.types)")
  }

  private func checkIDs(_ vocabulary: Vocabulary) {
    for id in 0..<Int32(vocabulary.count) {
      guard let token = vocabulary.token(id) else { fail("id \(id) has no token") }
      law(vocabulary.id(of: token) == id, "token \(id) has another id")
    }
    law(vocabulary.token(Int32(vocabulary.count)) == nil, "an id too many")
  }

  private func counts(of file: MemoryFile) throws -> [(token: [UInt8], count: UInt64)] {
    let reader = try CountReader(file: file.path)
    var counts: [(token: [UInt8], count: UInt64)] = []
    while try reader.advance() { counts.append((reader.token, reader.count)) }
    return counts
  }

  private func checkCounts(_ bytes: [UInt8]) throws {
    file.write(bytes)
    let counts = try counts(of: file)
    var written: [UInt8] = []
    var writer = CountWriter { written += $0 }
    for (token, count) in counts { try writer.write(token, count) }
    try writer.finish()
    let lines = bytes.isEmpty || bytes.last == 0x0A ? bytes : bytes + [0x0A]
    law(written == lines, "a count file is written back otherwise")
    for (a, b) in zip(counts, counts.dropFirst()) {
      law(a.token.lexicographicallyPrecedes(b.token), "tokens out of order are accepted")
    }
  }

  /// Two files, cut out of the input where it says, are added up.
  private func checkMerge(_ bytes: [UInt8], _ place: Int) throws {
    let place = place % (bytes.count + 1)
    file.write(bytes[..<place])
    second.write(bytes[place...])
    var sums: [[UInt8]: UInt64] = [:]
    var overflows = false
    for part in [file, second] {
      for (token, count) in try counts(of: part) {
        let (sum, overflow) = sums[token, default: 0].addingReportingOverflow(count)
        sums[token] = sum
        overflows = overflows || overflow
      }
    }
    do {
      let merged = try VocabularyFile(countFiles: [file.path, second.path], specials: ["<unk>"])
      law(!overflows, "a sum past 64 bits is accepted")
      for (id, count) in merged.counts.enumerated().dropFirst() {
        let token = Array(merged.vocabulary.token(Int32(id)) ?? [])
        law(sums[token] == count, "token \(id) is counted \(count) times")
      }
      let special = Array("<unk>".utf8)
      law(
        merged.counts.count == sums.count + (sums[special] == nil ? 1 : 0), "tokens are lost")
    } catch let error as TokenizeError {
      law(overflows, "two good files give \(error)")
      throw error
    }
  }

  private func checkVocabulary(_ bytes: [UInt8]) throws {
    let vocabulary = try Vocabulary(encoded: bytes, resource: "vocabulary")
    law(vocabulary.encoded == bytes, "a vocabulary is written back otherwise")
    checkIDs(vocabulary)
  }

  /// Reads the n-grams again in the plainest way, and makes a table of them.
  private func checkNGrams(_ bytes: [UInt8]) throws {
    let table = try NGramTable(encoded: bytes, lengths: 1...4, resource: "ngrams")
    var reader = ByteReader(bytes, resource: "ngrams")
    let count = Int(try reader.uint32())
    law(table.count == count, "n-grams are lost")
    var again = NGramTable()
    for i in 0..<count {
      var gram: [Int32] = []
      for _ in 0..<(try reader.uint8()) {
        let number = try reader.varint() - Int(SymbolTable.firstToken)
        gram.append(
          number < 0
            ? Int32(number) + SymbolTable.firstToken
            : try reader.withBytes(number) { try again.intern($0) })
      }
      var node: Int32 = 0
      for symbol in gram { node = table.trie.child(of: node, symbol) }
      law(node > 0 && table.features[Int(node)] == i, "n-gram \(i) is not found")
      let isNew = try again.append(gram)
      law(isNew, "n-gram \(i) stands twice")
    }
    law(again.encoded == bytes, "n-grams are written back otherwise")
  }

  func seeds(_ project: ProjectFiles) throws -> [[UInt8]] {
    let names = TextChunk(lines: try project.bytes("data/names.txt").prefix(120))
    let cut = try Chain([AnyStage(SegmentUnicode(options: .init(by: .grapheme)))])
    let tokens = try cut.run(names, as: TokenChunk.self)
    let vocabulary = try Vocabulary(counting: [tokens])
    let grams = try NGramFeatures.fit(.init(minimum: 1, maximum: 4), on: [tokens])
    var writer = ResourceWriter()
    try grams.write(to: &writer)
    let file = "<unk>\t0\n<end>\t0\na\t7\n\\t\\n\\r\\0\\\\\t3\n\u{E9}\t1\n"
    let counts = "a\t7\nab\t18446744073709551615\nb\t1\n"
    return [
      Array(file.utf8) + [0, 0, 0], Array(counts.utf8) + [0, 0, 1],
      Array((counts + counts).utf8) + [29, 0, 2], vocabulary.encoded + [0, 0, 3],
      (writer.resources["ngrams"]?.bytes ?? []) + [0, 0, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3],
    ]
  }
}
