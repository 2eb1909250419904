import ArgumentParser

/// A number of bytes: `4096`, `64K`, `16M`, `2G`; K, M and G are powers of 1024.
struct ByteSize: ExpressibleByArgument, CustomStringConvertible {
  let bytes: Int

  init(bytes: Int) { self.bytes = bytes }

  init?(argument: String) {
    let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30]
    let shift = argument.last.flatMap { shifts[$0] }
    let digits = shift == nil ? argument[...] : argument.dropLast()
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int(digits)
    else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << (shift ?? 0))
    guard !overflow else { return nil }
    self.bytes = bytes
  }

  var description: String {
    for (shift, suffix) in [(30, "G"), (20, "M"), (10, "K")]
    where bytes != 0 && bytes.trailingZeroBitCount >= shift {
      return "\(bytes >> shift)\(suffix)"
    }
    return "\(bytes)"
  }

  var defaultValueDescription: String { description }
}
