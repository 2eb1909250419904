/// Reads the arrays of a `.npz` file, as `numpy.savez` and `NPZWriter` write it: a zip archive of
/// stored `.npy` members, zip64 or not.
public struct NPZReader: Sendable {
  /// By name, without `.npy`.
  public let arrays: [String: NPYArray]

  /// Reads and checks a whole file, CRCs too. O(bytes).
  /// - Throws: `PipelineError.cannotOpen`, `.cannotRead`; `.malformedModel`, which names the array.
  public init(file: String) throws {
    try self.init(FileBytes.read(file), name: file)
  }

  /// Reads a file that stands in memory.
  ///
  /// - Parameter name: the file's name, for messages.
  public init(_ bytes: [UInt8], name: String = "npz") throws {
    var arrays: [String: NPYArray] = [:]
    for member in try ZipDirectory(bytes, file: name).members {
      let key =
        member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      do {
        guard try arrays.updateValue(NPYFile.read(bytes[member.data]), forKey: key) == nil else {
          throw PipelineError.malformedValue("stands twice")
        }
      } catch PipelineError.malformedValue(let problem) {
        throw PipelineError.malformedModel(file: name, place: key, problem: problem)
      }
    }
    self.arrays = arrays
  }
}

/// The members of a zip archive (APPNOTE 4.3), each checked to lie within the file and to have its
/// CRC.
private struct ZipDirectory {
  struct Member {
    var name: String
    var data: Range<Int>
  }

  private(set) var members: [Member] = []
  private let bytes: [UInt8]
  private let file: String

  init(_ bytes: [UInt8], file: String) throws {
    (self.bytes, self.file) = (bytes, file)
    var (place, rest) = try directory()
    while rest > 0 {
      guard try number(place, 4) == 0x0201_4B50 else { throw fault(place, "no member begins here") }
      let lengths = try (0..<3).map { try number(place + 28 + 2 * $0, 2) }
      members.append(try member(at: place, nameLength: lengths[0], extraLength: lengths[1]))
      place += 46 + lengths.reduce(0, +)
      rest -= 1
    }
  }

  private func fault(_ place: Int, _ problem: String) -> PipelineError {
    .malformedModel(file: file, place: "\(place)", problem: problem)
  }

  /// A little-endian number.
  private func number(_ place: Int, _ size: Int) throws -> Int {
    guard place >= 0, place <= bytes.count - size else {
      throw fault(bytes.count, "the archive is cut short")
    }
    let value = bytes[place..<place + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let number = Int(exactly: value) else { throw fault(place, "a number is too large") }
    return number
  }

  /// Where the central directory begins, and how many members it has.
  private func directory() throws -> (place: Int, count: Int) {
    let last = bytes.count - 22
    let first = max(0, last - 0xFFFF)
    guard last >= 0,
      let end = try stride(from: last, through: first, by: -1).first(where: { place in
        try bytes[place] == 0x50 && number(place, 4) == 0x0605_4B50
          && number(place + 20, 2) == bytes.count - place - 22
      })
    else { throw fault(0, "this is not an archive of NumPy (numpy.savez writes one)") }
    let (count, place) = (try number(end + 10, 2), try number(end + 16, 4))
    guard count == 0xFFFF || place == 0xFFFF_FFFF else { return (place, count) }
    guard end >= 20, try number(end - 20, 4) == 0x0706_4B50 else { return (place, count) }
    let wide = try number(end - 12, 8)
    guard try number(wide, 4) == 0x0606_4B50 else {
      throw fault(wide, "the zip64 directory is not where it should be")
    }
    return (try number(wide + 48, 8), try number(wide + 32, 8))
  }

  private func member(at place: Int, nameLength: Int, extraLength: Int) throws -> Member {
    let nameEnd = place + 46 + nameLength
    _ = try number(nameEnd + extraLength, 0)
    guard let name = String(validating: bytes[place + 46..<nameEnd], as: UTF8.self) else {
      throw fault(place, "a member's name is not text")
    }
    guard try number(place + 8, 2) & 1 == 0, try number(place + 10, 2) == 0 else {
      throw PipelineError.malformedModel(
        file: file, place: name, problem: "is compressed (use numpy.savez, not savez_compressed)")
    }
    // Uncompressed size, compressed size, place of the local header: wide ones stand in the extra.
    var fields = [try number(place + 24, 4), try number(place + 20, 4), try number(place + 42, 4)]
    try widen(&fields, extra: nameEnd..<nameEnd + extraLength)
    let (size, local) = (fields[0], fields[2])
    guard fields[1] == size, try number(local, 4) == 0x0403_4B50 else {
      throw fault(place, "the sizes or the place of \(name) make no sense")
    }
    let begin = try local + 30 + number(local + 26, 2) + number(local + 28, 2)
    guard begin <= bytes.count, size <= bytes.count - begin else {
      throw fault(bytes.count, "the archive is cut short")
    }
    var crc = CRC32()
    bytes.withUnsafeBytes {
      crc.combine(UnsafeRawBufferPointer(rebasing: $0[begin..<begin + size]))
    }
    guard try Int(crc.value) == number(place + 16, 4) else {
      throw PipelineError.malformedModel(
        file: file, place: name,
        problem: "its bytes do not have the CRC in the file (is it damaged?)")
    }
    return Member(name: name, data: begin..<begin + size)
  }

  /// Takes the fields that do not fit 32 bits from the zip64 part.
  private func widen(_ fields: inout [Int], extra: Range<Int>) throws {
    var place = extra.lowerBound
    while place + 4 <= extra.upperBound {
      let (kind, size) = (try number(place, 2), try number(place + 2, 2))
      guard size <= extra.upperBound - place - 4 else { throw fault(place, "an extra is too long") }
      if kind == 1 {
        var next = place + 4
        for i in fields.indices where fields[i] == 0xFFFF_FFFF {
          guard next + 8 <= place + 4 + size else { throw fault(place, "an extra is too short") }
          fields[i] = try number(next, 8)
          next += 8
        }
      }
      place += 4 + size
    }
  }
}
