/// A byte for every Unicode scalar, in blocks of 256 that are worked out when they are first met.
///
/// Text has scalars of few blocks, and a block may cost 256 questions to ICU. One thread uses a table.
final class ScalarTable {
  private typealias Block = UnsafeMutablePointer<UInt8>
  /// Enough for whatever four bytes can be read as, well formed or not.
  private static let blockCount = 0x2000

  private let blocks = UnsafeMutablePointer<Block?>.allocate(capacity: blockCount)
  private let fill: (UInt32, UnsafeMutablePointer<UInt8>) -> Void

  /// - Parameter fill: writes the bytes of the 256 scalars from a first one on.
  init(_ fill: @escaping (UInt32, UnsafeMutablePointer<UInt8>) -> Void) {
    self.fill = fill
    blocks.initialize(repeating: nil, count: Self.blockCount)
  }

  deinit {
    for i in 0..<Self.blockCount { blocks[i]?.deallocate() }
    blocks.deallocate()
  }

  @inline(__always)
  subscript(scalar: UInt32) -> UInt8 {
    let block = blocks[Int(scalar >> 8)] ?? filled(Int(scalar >> 8))
    return block[Int(scalar & 0xFF)]
  }

  @inline(never)
  private func filled(_ index: Int) -> Block {
    let block = Block.allocate(capacity: 256)
    block.initialize(repeating: 0, count: 256)
    fill(UInt32(index) << 8, block)
    blocks[index] = block
    return block
  }
}
