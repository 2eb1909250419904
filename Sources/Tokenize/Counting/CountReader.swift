import Glibc
import Pipeline

/// Reads a count file or a vocabulary file line by line: `token TAB count`. Memory: one block, or
/// the longest line.
public final class CountReader: CountSource {
  /// What must hold between lines.
  public enum Order: Sendable {
    /// Tokens ascend by their bytes and counts are at least 1: a count file.
    case ascending
    /// Nothing: a vocabulary file, or a file of either kind.
    case any
  }

  /// The token of the line that `advance` read.
  public private(set) var token: [UInt8] = []
  public private(set) var count: UInt64 = 0
  /// The 1-based number of that line.
  public private(set) var line = 0

  private static let blockSize = 64 << 10
  private static let longestLine = 256 << 20

  private let name: String
  private let order: Order
  private let descriptor: Int32
  private let ownsDescriptor: Bool
  private var buffer = [UInt8](repeating: 0, count: blockSize)
  /// The bytes of the buffer that are not used yet, and from where on no LF has been looked for.
  private var begin = 0
  private var end = 0
  private var scanned = 0
  private var isAtEnd = false
  private var previous: [UInt8] = []

  /// Opens a file; `-` is standard input.
  /// - Throws: `PipelineError.cannotOpen`.
  public convenience init(file: String, order: Order = .ascending) throws {
    if file == "-" {
      self.init(descriptor: STDIN_FILENO, name: "-", order: order, ownsDescriptor: false)
      return
    }
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw PipelineError.cannotOpen(file: file, code: errno) }
    self.init(descriptor: descriptor, name: file, order: order, ownsDescriptor: true)
  }

  init(descriptor: Int32, name: String, order: Order = .ascending, ownsDescriptor: Bool) {
    self.descriptor = descriptor
    self.name = name
    self.order = order
    self.ownsDescriptor = ownsDescriptor
  }

  deinit { if ownsDescriptor { close(descriptor) } }

  /// Reads the next line.
  /// - Returns: `false` at the end of the file.
  /// - Throws: `TokenizeError.malformedCounts` with file and line; `PipelineError.cannotRead`.
  public func advance() throws -> Bool {
    guard let range = try nextLine() else { return false }
    line += 1
    swap(&token, &previous)
    let result = buffer.withUnsafeBufferPointer {
      CountLine.parse(UnsafeBufferPointer(rebasing: $0[range]), token: &token)
    }
    switch result {
    case .success(let value): count = value
    case .failure(let fault): throw malformed(fault.rawValue)
    }
    guard case .ascending = order else { return true }
    guard count > 0 else { throw malformed("counts nothing (a count is at least 1)") }
    guard line == 1 || TokenOrder.precedes(previous, token) else {
      throw malformed(
        token == previous
          ? "repeats the token of the line before"
          : "is out of order (tokens must ascend by their bytes)")
    }
    return true
  }

  func malformed(_ reason: String) -> TokenizeError {
    .malformedCounts(file: name, line: line, reason: reason)
  }

  /// Where the next line stands in the buffer, without its LF.
  private func nextLine() throws -> Range<Int>? {
    while true {
      if let lineEnd = nextLineEnd() {
        defer { (begin, scanned) = (lineEnd + 1, lineEnd + 1) }
        return begin..<lineEnd
      }
      scanned = end
      if isAtEnd {
        defer { begin = end }
        return begin < end ? begin..<end : nil
      }
      try fill()
    }
  }

  private func nextLineEnd() -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard scanned < end, let base = bytes.baseAddress,
        let found = memchr(base + scanned, 0x0A, end - scanned)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private func fill() throws {
    if begin > 0 {
      buffer.withUnsafeMutableBytes { bytes in
        if let base = bytes.baseAddress { memmove(base, base + begin, end - begin) }
      }
      (begin, end, scanned) = (0, end - begin, scanned - begin)
    }
    if end == buffer.count {
      guard end < Self.longestLine else { throw malformed("is the last before one too long") }
      buffer.append(contentsOf: repeatElement(0, count: end))
    }
    let size = buffer.withUnsafeMutableBytes { bytes in
      while true {
        let size = read(descriptor, bytes.baseAddress.map { $0 + end }, bytes.count - end)
        if size >= 0 || errno != EINTR { return size }
      }
    }
    guard size >= 0 else { throw PipelineError.cannotRead(file: name, code: errno) }
    isAtEnd = size == 0
    end += size
  }
}
