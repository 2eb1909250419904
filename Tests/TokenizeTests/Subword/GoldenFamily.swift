import Pipeline
import TestSupport
import Tokenize

/// A tokenizer that another library made, and what that library makes of a text.
struct GoldenFamily {
  let name: String
  let definition: SubwordDefinition
  let lines: [[UInt8]]
  let ids: [[Int32]]
  /// Begin and end of each token in characters, one after the other; nil where there are none.
  let offsets: [[UInt32]]?
  let decoded: [String]?

  /// The families of a folder that `make_goldens.py` wrote.
  static let names = [
    "gpt2", "roberta", "llama", "bert", "t5", "albert", "wordlevel", "llama3", "qwen", "chain",
  ]
  static let sentencePieceNames = ["spm-bpe", "spm-unigram", "spm-spaces"]

  init(_ name: String, in folder: String) throws {
    self.name = name
    let isSentencePiece = name.hasPrefix("spm")
    let path = folder + "/" + name
    let file = path + (isSentencePiece ? ".model" : ".json")
    definition = try SubwordDefinition(source: readFile(file), file: file)
    lines = try Self.lines(folder + "/lines.txt")
    let golden = try Self.lines(path + ".golden").map {
      $0.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
    }
    ids = golden.map { Self.numbers($0[0]) }
    offsets = isSentencePiece ? nil : golden.map { Self.numbers($0[1]) }
    decoded =
      isSentencePiece
      ? nil : try Self.lines(path + ".decoded").map { String(decoding: $0, as: UTF8.self) }
  }

  /// All records in one chunk.
  var chunk: TextChunk {
    var chunk = TextChunk()
    for line in lines { chunk.append(line) }
    return chunk
  }

  private static func lines(_ path: String) throws -> [[UInt8]] {
    var lines = try readFile(path).split(
      separator: 0x0A, omittingEmptySubsequences: false
    ).map(Array.init)
    if lines.last == [] { lines.removeLast() }
    return lines
  }

  private static func numbers<Number: FixedWidthInteger>(_ text: ArraySlice<UInt8>) -> [Number] {
    text.split(separator: 0x20).compactMap { Number(String(decoding: $0, as: UTF8.self)) }
  }

  /// How the records compare with the other library's.
  struct Comparison {
    var records = 0
    var sameIDs = 0
    var sameOffsets = 0
    var sameTexts = 0
    /// The first few differences.
    var differences: [String] = []

    mutating func note(_ difference: String) {
      if differences.count < 5 { differences.append(difference) }
    }
  }

  func compare() throws -> Comparison {
    var comparison = Comparison(records: lines.count)
    let chunk = chunk
    var encoder = SubwordEncode(definition: definition).makeRunner(RunContext())
    let encoded = try encoder.consume(chunk)
    var tokenizer = SubwordTokenize(
      options: .init(specialTokens: true), definition: definition
    ).makeRunner(RunContext(tracksOffsets: true))
    let tokens = try tokenizer.consume(chunk)
    for i in lines.indices {
      let ours = Array(encoded.ids[encoded.range(i)])
      if ours == ids[i] {
        comparison.sameIDs += 1
      } else {
        comparison.note("ids of \(i): \(ours) for \(ids[i])")
      }
      if let offsets {
        let characters = Characters(lines[i])
        let spans = tokens.tokens(i).flatMap { token in
          let span = tokens.spans?[token] ?? 0..<0
          return characters.range(span)
        }
        if spans == offsets[i] {
          comparison.sameOffsets += 1
        } else {
          comparison.note("offsets of \(i): \(spans) for \(offsets[i])")
        }
      }
      if let decoded {
        let text = try definition.tokenizer.decode(ids[i])
          .replacingBytes("\\", by: "\\\\").replacingBytes("\n", by: "\\n")
        if text.isIdentical(to: decoded[i]) {
          comparison.sameTexts += 1
        } else {
          comparison.note("text of \(i): \(text) for \(decoded[i])")
        }
      }
    }
    return comparison
  }
}

/// Turns bytes of a text into characters (Unicode scalars).
private struct Characters {
  /// The index of the character that each byte belongs to.
  private var index: [UInt32] = []

  init(_ text: [UInt8]) {
    var next: UInt32 = 0
    for byte in text {
      if byte & 0xC0 != 0x80 { next += 1 }
      index.append(next - 1)
    }
  }

  /// Begin and end in characters.
  func range(_ bytes: Range<UInt32>) -> [UInt32] {
    let (start, end) = (Int(bytes.lowerBound), Int(bytes.upperBound))
    guard let last = index.last else { return [0, 0] }
    if start == index.count { return [last + 1, last + 1] }
    if end == start { return [index[start], index[start]] }
    return [index[start], end < index.count ? index[end] : last + 1]
  }
}

extension String {
  fileprivate func replacingBytes(_ key: String, by content: String) -> String {
    var result: [UInt8] = []
    for byte in utf8 {
      byte == key.utf8.first ? result.append(contentsOf: content.utf8) : result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
