/// Places every record at a point of [0, 1) that depends on its bytes and a seed alone: never on
/// its place in the data, on its neighbours or on the run.
///
/// The point is the upper 53 bits of the mixed 64-bit FNV-1a of the seed's 8 bytes (little-endian)
/// and the record's, divided by 2^53.
struct RecordHash {
  private let start: FNV1a

  init(seed: Int) {
    var hash = FNV1a()
    let bits = UInt64(bitPattern: Int64(seed))
    hash.combine((0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) })
    start = hash
  }

  func point(of record: UnsafeBufferPointer<UInt8>) -> Double {
    var hash = start
    hash.combine(record)
    return Double(hash.mixed >> 11) * 0x1p-53
  }
}
