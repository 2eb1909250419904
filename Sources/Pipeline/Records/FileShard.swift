import Glibc

/// One of n parts of a file, cut on record borders: the records that begin within the i-th of n
/// equal ranges of its bytes. The parts of one file are disjoint, and in order they are the file.
public struct FileShard: Sendable, Hashable {
  public let path: String
  /// The bytes of the part's records, delimiters included.
  public let range: Range<Int>

  /// Finds the borders: reads from the nominal ones to the next delimiter.
  /// - Parameters:
  ///   - index: which part, counted from 1.
  ///   - count: how many parts there are.
  /// - Throws: `PipelineError.malformedValue` where there is no such part or the file is none that
  ///   can be cut; `.cannotOpen`, `.cannotRead`.
  public init(
    _ path: String, index: Int, count: Int,
    delimiter: RecordOptions.Delimiter = .newline
  ) throws {
    guard count >= 1, count <= 1 << 20, (1...count).contains(index) else {
      throw PipelineError.malformedValue(
        "there is no shard \(index) of \(count) (they are counted from 1, at most 1048576)")
    }
    let descriptor = retryingInterrupted { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw PipelineError.cannotOpen(file: path, code: errno) }
    defer { _ = close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw PipelineError.cannotRead(file: path, code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw PipelineError.malformedValue(
        "\(Escaping.printable(path)) is not a regular file: only such a file is cut into shards")
    }
    let size = Int(status.st_size)
    let border = { (part: Int) throws -> Int in
      let product = size.multipliedFullWidth(by: part)
      let nominal = count.dividingFullWidth(product).quotient
      return try Self.border(
        at: nominal, of: size, in: descriptor, path: path, delimiter: delimiter.rawValue)
    }
    self.path = path
    range = try border(index - 1)..<border(index)
  }

  /// Where the first record begins at or after `offset`.
  private static func border(
    at offset: Int, of size: Int, in descriptor: Int32, path: String, delimiter: UInt8
  ) throws -> Int {
    guard offset > 0 else { return 0 }
    var place = offset - 1
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while place < size {
      let count = block.withUnsafeMutableBytes { block in
        retryingInterrupted { pread(descriptor, block.baseAddress, block.count, place) }
      }
      guard count >= 0 else { throw PipelineError.cannotRead(file: path, code: errno) }
      if count == 0 { break }
      if let found = block[..<count].firstIndex(of: delimiter) {
        return min(place + found + 1, size)
      }
      place += count
    }
    return size
  }
}
