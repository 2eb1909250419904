/// Bytes that are copied only where they are taken out: those of an array or of a part of one, which
/// stay alive with them, or of a part of the program, which always does.
struct SharedBytes: @unchecked Sendable {
  private enum Source {
    case array([UInt8])
    case program(UnsafeRawBufferPointer)
  }

  private let source: Source
  private let range: Range<Int>

  init(_ array: [UInt8]) {
    source = .array(array)
    range = array.indices
  }

  /// - Parameter program: memory that never changes and never goes.
  init(program: UnsafeRawBufferPointer) {
    source = .program(program)
    range = program.indices
  }

  private init(_ source: Source, _ range: Range<Int>) {
    self.source = source
    self.range = range
  }

  var count: Int { range.count }

  /// The part at `range`, counted from the first byte. O(1).
  func slice(_ range: Range<Int>) -> SharedBytes {
    SharedBytes(
      source,
      self.range.lowerBound + range.lowerBound..<self.range.lowerBound + range.upperBound)
  }

  /// O(bytes), but O(1) for the whole of an array.
  var array: [UInt8] {
    if case .array(let array) = source, range == array.indices { return array }
    return withUnsafeBytes { Array($0) }
  }

  /// The bytes, if they are a part of the program.
  var programBytes: UnsafeRawBufferPointer? {
    guard case .program(let bytes) = source else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    switch source {
    case .array(let array):
      try array.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .program(let bytes): try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }
}

extension SharedBytes: Hashable {
  static func == (a: SharedBytes, b: SharedBytes) -> Bool {
    a.withUnsafeBytes { a in b.withUnsafeBytes { a.elementsEqual($0) } }
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}
