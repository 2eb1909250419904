extension NPYFile {
  /// Reads a file that stands in memory: versions 1 to 3, C order, the types of `ArrayElement`.
  ///
  /// Every size is checked against the bytes that are there before anything is allocated. Arrays of
  /// Python objects are refused: they would be code.
  /// - Throws: `PipelineError.malformedValue`, which says what is wrong.
  public static func read(_ bytes: ArraySlice<UInt8>) throws -> NPYArray {
    let start = bytes.startIndex
    guard bytes.starts(with: magic.prefix(6)), bytes.count >= 10,
      (1...3).contains(bytes[start + 6])
    else { throw PipelineError.malformedValue("is not a .npy file of version 1, 2 or 3") }
    let sizeBytes = bytes[start + 6] == 1 ? 2 : 4
    let begin = start + 8 + sizeBytes
    guard bytes.endIndex >= begin else { throw PipelineError.malformedValue("is cut short") }
    let size = bytes[start + 8..<begin].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size <= bytes.endIndex - begin, size <= 1 << 16 else {
      throw PipelineError.malformedValue("claims a header of \(size) bytes")
    }
    var header = NPYHeader(bytes[begin..<begin + size])
    try header.read()
    guard let element = ArrayElement(rawValue: header.descr) else {
      let known = ArrayElement.allCases.map(\.rawValue)
      throw PipelineError.malformedValue(
        "has the type \"\(Escaping.printable(header.descr))\" "
          + Nearest.hint(for: header.descr, among: known))
    }
    guard !header.isFortran || header.shape.count < 2 else {
      throw PipelineError.malformedValue(
        "is in Fortran order (save numpy.ascontiguousarray of it)")
    }
    let data = bytes[(begin + size)...]
    guard try byteCount(element, header.shape) == data.count else {
      throw PipelineError.malformedValue(
        "has \(data.count) bytes of data, which do not make the shape \(header.shape)")
    }
    return NPYArray(element: element, shape: header.shape, bytes: Array(data))
  }
}

/// The header: a Python dictionary with exactly `descr`, `fortran_order` and `shape`.
private struct NPYHeader {
  private(set) var descr = ""
  private(set) var isFortran = false
  private(set) var shape: [Int] = []
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  mutating func read() throws {
    try expect("{")
    var keys: [String] = []
    while !take("}") {
      let key = try text()
      keys.append(key)
      try expect(":")
      switch key {
      case "descr": descr = try text()
      case "fortran_order":
        isFortran = take("True")
        if !isFortran { try expect("False") }
      case "shape": shape = try tuple()
      default: throw fault
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard keys.sorted() == ["descr", "fortran_order", "shape"], rest.isEmpty else { throw fault }
  }

  private var fault: PipelineError {
    .malformedValue(
      "has a header that is not {'descr': ..., 'fortran_order': ..., 'shape': ...} of a plain type")
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func expect(_ word: String) throws {
    guard take(word) else { throw fault }
  }

  /// A text between single quotes, without escapes.
  private mutating func text() throws -> String {
    try expect("'")
    let quote = UInt8(ascii: "'")
    let word = rest.prefix { $0 != quote && $0 != UInt8(ascii: "\\") }
    rest = rest[word.endIndex...]
    try expect("'")
    return String(decoding: word, as: UTF8.self)
  }

  private mutating func tuple() throws -> [Int] {
    try expect("(")
    var numbers: [Int] = []
    while !take(")") {
      skipSpace()
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard numbers.count < 32, let number = Int(String(decoding: digits, as: UTF8.self)) else {
        throw fault
      }
      rest = rest[digits.endIndex...]
      numbers.append(number)
      if !take(",") {
        try expect(")")
        break
      }
    }
    return numbers
  }
}
