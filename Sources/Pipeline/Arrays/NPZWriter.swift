import Glibc

/// Writes a `.npz` file, which `numpy.load` reads: a zip archive of stored `.npy` members.
///
/// A member may grow along its first axis while it is written: its header, CRC and sizes are put in
/// at its end, so the file must be one that can be written anywhere (not a pipe). Local headers are
/// zip64, as NumPy's own; the time of every member is the zip format's first, 1980-01-01, so equal
/// arrays give equal bytes. Memory: a buffer of 256 KiB and the list of members.
public final class NPZWriter {
  private struct Member {
    var name: String
    var element: ArrayElement
    var trailing: [Int]
    /// Where its local header stands in the file.
    var offset: Int
    var headerSize = 0
    var dataSize = 0
    var crc = CRC32()
    /// The size of one step along the first axis.
    var rowSize: Int

    var size: Int { headerSize + dataSize }
  }

  private let descriptor: Int32
  private let file: String
  private var members: [Member] = []
  private var open: Member?
  private var buffer: [UInt8] = []
  /// Where the buffer's first byte goes.
  private var position = 0

  /// - Parameters:
  ///   - descriptor: open for writing, at its beginning; the caller closes it.
  ///   - file: the file's name, for errors.
  public init(descriptor: Int32, file: String) {
    self.descriptor = descriptor
    self.file = file
  }

  /// Begins an array of shape `[n] + trailing`, where n is what will have been appended.
  /// - Throws: `PipelineError.malformedValue` for a name that stands already, or a wrong shape.
  public func begin(_ name: String, _ element: ArrayElement, trailing: [Int] = []) throws {
    try end()
    guard !members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }), !name.isEmpty,
      name.utf8.count < 256
    else { throw PipelineError.malformedValue("array '\(name)' has no name of its own") }
    let rowSize = try NPYFile.byteCount(element, [1] + trailing)
    let header = try NPYFile.header(element, shape: [0] + trailing)
    var member = Member(
      name: name, element: element, trailing: trailing, offset: position + buffer.count,
      rowSize: rowSize)
    member.headerSize = header.count
    try write(localHeader(of: member))
    try write(header)
    open = member
  }

  /// Appends the bytes of elements, row-major and little-endian, to the array that was begun.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    guard var member = open else {
      throw PipelineError.malformedValue("no array was begun")
    }
    member.crc.combine(bytes)
    member.dataSize += bytes.count
    open = member
    try write(bytes)
  }

  /// Appends numbers whose layout in memory is that of the array's elements.
  public func append<Number: BitwiseCopyable>(_ numbers: [Number]) throws {
    try numbers.withUnsafeBytes { try append($0) }
  }

  /// Writes a whole array of at least one dimension.
  public func add<Number: BitwiseCopyable>(
    _ name: String, _ element: ArrayElement, shape: [Int], _ numbers: [Number]
  ) throws {
    try begin(name, element, trailing: Array(shape.dropFirst()))
    try append(numbers)
    try end(count: shape.first)
  }

  /// Ends the file. Nothing may be added after it.
  public func finish() throws {
    try end()
    let start = position + buffer.count
    for member in members { try write(centralHeader(of: member)) }
    try write(endRecords(start: start, size: position + buffer.count - start))
    try flush()
  }

  /// Ends the array that was begun: its length is known now.
  private func end(count known: Int? = nil) throws {
    guard var member = open else { return }
    open = nil
    let count = known ?? (member.rowSize == 0 ? 0 : member.dataSize / member.rowSize)
    guard
      try NPYFile.byteCount(member.element, [count] + member.trailing) == member.dataSize
    else {
      throw PipelineError.malformedValue(
        "array '\(member.name)' is not as long as its shape says")
    }
    try flush()
    let header = try NPYFile.header(member.element, shape: [count] + member.trailing)
    var crc = CRC32()
    header.withUnsafeBytes { crc.combine($0) }
    member.crc = CRC32.joined(crc, member.crc, count: member.dataSize)
    let local = localHeader(of: member)
    try write(at: member.offset, local + header)
    members.append(member)
  }

  // MARK: - Bytes

  private func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  private func write(_ bytes: UnsafeRawBufferPointer) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 256 << 10 { try flush() }
  }

  private func flush() throws {
    try write(at: position, buffer)
    position += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  private func write(at offset: Int, _ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        let count = retryingInterrupted {
          pwrite(descriptor, rest.baseAddress, rest.count, offset + done)
        }
        guard count > 0 else {
          throw PipelineError.cannotWrite(
            file: file, operation: "write", code: count == 0 ? ENOSPC : errno)
        }
        done += count
      }
    }
  }
}

// MARK: - Zip records (APPNOTE 4.3)

extension NPZWriter {
  /// Version 4.5: zip64.
  private static let version: UInt16 = 45
  /// 1980-01-01.
  private static let date: UInt16 = 0x21

  private func localHeader(of member: Member) -> [UInt8] {
    var record = ZipRecord(signature: 0x0403_4B50)
    record.append(Self.version)
    appendCommon(member, to: &record)
    record.append(UInt16(20))
    record.append(name: member.name)
    record.append(UInt16(1))
    record.append(UInt16(16))
    record.append(UInt64(member.size))
    record.append(UInt64(member.size))
    return record.bytes
  }

  private func centralHeader(of member: Member) -> [UInt8] {
    var record = ZipRecord(signature: 0x0201_4B50)
    record.append(Self.version)
    record.append(Self.version)
    appendCommon(member, to: &record)
    record.append(UInt16(28))
    record.append(UInt16(0))
    record.append(UInt16(0))
    record.append(UInt16(0))
    record.append(UInt32(0o100_644 << 16))
    record.append(UInt32.max)
    record.append(name: member.name)
    record.append(UInt16(1))
    record.append(UInt16(24))
    record.append(UInt64(member.size))
    record.append(UInt64(member.size))
    record.append(UInt64(member.offset))
    return record.bytes
  }

  /// Flags, method (stored), time, CRC, sizes (in the zip64 part), length of the name.
  private func appendCommon(_ member: Member, to record: inout ZipRecord) {
    record.append(UInt16(0))
    record.append(UInt16(0))
    record.append(UInt16(0))
    record.append(Self.date)
    record.append(member.crc.value)
    record.append(UInt32.max)
    record.append(UInt32.max)
    record.append(UInt16(member.name.utf8.count + 4))
  }

  private func endRecords(start: Int, size: Int) -> [UInt8] {
    var record = ZipRecord(signature: 0x0606_4B50)
    record.append(UInt64(44))
    record.append(Self.version)
    record.append(Self.version)
    record.append(UInt32(0))
    record.append(UInt32(0))
    record.append(UInt64(members.count))
    record.append(UInt64(members.count))
    record.append(UInt64(size))
    record.append(UInt64(start))
    var locator = ZipRecord(signature: 0x0706_4B50)
    locator.append(UInt32(0))
    locator.append(UInt64(start + size))
    locator.append(UInt32(1))
    var end = ZipRecord(signature: 0x0605_4B50)
    end.append(UInt16(0))
    end.append(UInt16(0))
    end.append(UInt16.max)
    end.append(UInt16.max)
    end.append(UInt32.max)
    end.append(UInt32.max)
    end.append(UInt16(0))
    return record.bytes + locator.bytes + end.bytes
  }
}

/// Little-endian numbers, one after the other.
private struct ZipRecord {
  private(set) var bytes: [UInt8] = []

  init(signature: UInt32) { append(signature) }

  mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(name: String) { bytes += Array((name + ".npy").utf8) }
}
