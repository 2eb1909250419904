/// One line of a count file: `token TAB count LF`, where the bytes of a token that would break the
/// line stand as `\t`, `\n`, `\r`, `\0` and `\\`.
enum CountLine {
  /// What stands behind the backslash for a byte that is escaped, else 0.
  private static let escapes: [UInt8] = {
    var table = [UInt8](repeating: 0, count: 256)
    for (byte, letter) in pairs { table[Int(byte)] = letter }
    return table
  }()

  private static let pairs: [(byte: UInt8, letter: UInt8)] = [
    (0x09, UInt8(ascii: "t")), (0x0A, UInt8(ascii: "n")), (0x0D, UInt8(ascii: "r")),
    (0x00, UInt8(ascii: "0")), (0x5C, UInt8(ascii: "\\")),
  ]

  static func append(_ token: some Sequence<UInt8>, _ count: UInt64, to line: inout [UInt8]) {
    appendEscaped(token, to: &line)
    line.append(0x09)
    appendDecimal(count, to: &line)
    line.append(0x0A)
  }

  static func appendEscaped(_ token: some Sequence<UInt8>, to line: inout [UInt8]) {
    for byte in token {
      let letter = escapes[Int(byte)]
      if letter != 0 {
        line.append(0x5C)
        line.append(letter)
      } else {
        line.append(byte)
      }
    }
  }

  private static func appendDecimal(_ value: UInt64, to line: inout [UInt8]) {
    let begin = line.count
    var rest = value
    repeat {
      line.append(0x30 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    line[begin...].reverse()
  }

  /// Reads a line without its LF.
  /// - Parameter token: takes the token's bytes.
  /// - Returns: the count, or what is wrong with the line.
  static func parse(
    _ line: UnsafeBufferPointer<UInt8>, token: inout [UInt8]
  ) -> Result<UInt64, Fault> {
    token.removeAll(keepingCapacity: true)
    var i = 0
    while i < line.count, line[i] != 0x09 {
      if escapes[Int(line[i])] == 0 {
        token.append(line[i])
        i += 1
        continue
      }
      guard line[i] == 0x5C else { return .failure(.unescaped) }
      guard i + 1 < line.count, let pair = pairs.first(where: { $0.letter == line[i + 1] }) else {
        return .failure(.badEscape)
      }
      token.append(pair.byte)
      i += 2
    }
    guard i < line.count else { return .failure(.noTab) }
    return parseDecimal(UnsafeBufferPointer(rebasing: line[(i + 1)...]))
  }

  private static func parseDecimal(_ digits: UnsafeBufferPointer<UInt8>) -> Result<UInt64, Fault> {
    guard let first = digits.first, first != 0x30 || digits.count == 1 else {
      return .failure(.badCount)
    }
    var value: UInt64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return .failure(.badCount) }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt64(digit - 0x30))
      guard !overflow, !carry else { return .failure(.badCount) }
      value = sum
    }
    return .success(value)
  }

  /// What can be wrong with a line.
  enum Fault: String, Error {
    case noTab = "has no TAB between token and count"
    case badEscape = "has a backslash that begins no escape (\\t \\n \\r \\0 \\\\)"
    case unescaped = "has a CR or NUL that is not escaped"
    case badCount = "has a count that is no decimal number of 64 bits in its shortest form"
  }
}
