/// A picture in grey of the Netpbm family (PGM): `P2` with numbers as text, `P5` with bytes.
public enum GrayMap {
  /// Whether bytes begin as such a file does.
  public static func isGrayMap(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: Array("P2".utf8)) || bytes.starts(with: Array("P5".utf8))
  }

  /// The picture; its greys, from 0 to the file's own maximum, become 0 to 255.
  ///
  /// - Parameter name: of the file, for the message.
  /// - Throws: `PipelineError.malformedImage`.
  public static func read(_ bytes: [UInt8], name: String) throws -> ImageChunk {
    var reader = Reader(bytes: bytes, name: name)
    guard isGrayMap(bytes) else { throw reader.fault("this is no PGM file (P2 or P5)") }
    reader.place = 2
    let width = try reader.number("the width", in: 1...1 << 16)
    let height = try reader.number("the height", in: 1...1 << 16)
    let maximum = try reader.number("the maximum", in: 1...65535)
    let values =
      bytes[1] == UInt8(ascii: "2")
      ? try reader.textValues(width * height, maximum)
      : try reader.binaryValues(width * height, maximum)
    return ImageChunk(
      height: height, width: width,
      pixels: values.map { UInt8(($0 * 255 + maximum / 2) / maximum) })
  }

  private struct Reader {
    let bytes: [UInt8]
    let name: String
    var place = 0

    func fault(_ problem: String) -> PipelineError {
      .malformedImage(file: name, problem: problem)
    }

    /// A number after white space and comments (from # to the end of the line).
    mutating func number(_ what: String, in range: ClosedRange<Int>) throws -> Int {
      let start = place
      skipSpace()
      guard place < bytes.count else { throw fault("the file ends before \(what)") }
      let first = place
      var value = 0
      while place < bytes.count, bytes[place].isDigit, value <= range.upperBound {
        value = 10 * value + Int(bytes[place] - UInt8(ascii: "0"))
        place += 1
      }
      let ends = place == bytes.count || bytes[place].isSpace || bytes[place] == UInt8(ascii: "#")
      guard first > start, place > first, ends, range.contains(value) else {
        throw fault(
          "\(what) at byte \(first + 1) is no number from \(range.lowerBound) to "
            + "\(range.upperBound)")
      }
      return value
    }

    mutating func textValues(_ count: Int, _ maximum: Int) throws -> [Int] {
      var values: [Int] = []
      // Two bytes for each at least: a false size must not ask for memory.
      guard (bytes.count - place) / 2 >= count else { throw cutShort(count) }
      for i in 0..<count { values.append(try number("pixel \(i + 1)", in: 0...maximum)) }
      skipSpace()
      guard place == bytes.count else { throw fault("something follows the last pixel") }
      return values
    }

    mutating func binaryValues(_ count: Int, _ maximum: Int) throws -> [Int] {
      place += 1
      let size = maximum > 255 ? 2 : 1
      guard bytes.count - place >= size * count else { throw cutShort(count) }
      guard bytes.count - place == size * count else {
        throw fault("something follows the last pixel")
      }
      let values = (0..<count).map { i in
        size == 1
          ? Int(bytes[place + i])
          : Int(bytes[place + 2 * i]) << 8 | Int(bytes[place + 2 * i + 1])
      }
      if let i = values.firstIndex(where: { $0 > maximum }) {
        throw fault("pixel \(i + 1) is \(values[i]), but the maximum is \(maximum)")
      }
      return values
    }

    private func cutShort(_ count: Int) -> PipelineError {
      fault("the file ends before the last of its \(count) pixels (is it cut short?)")
    }

    private mutating func skipSpace() {
      while place < bytes.count {
        if bytes[place] == UInt8(ascii: "#") {
          while place < bytes.count, bytes[place] != 0x0A { place += 1 }
        } else if bytes[place].isSpace {
          place += 1
        } else {
          return
        }
      }
    }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
