/// A block of memory for numbers, aligned to a cache line, freed with its last owner.
///
/// Only value types own one (`Tensor`, `ParameterVector`); they copy it before they write to it when
/// it is shared, which is what makes handing it between threads safe.
final class Storage<S: Scalar>: @unchecked Sendable {
  let count: Int
  let pointer: UnsafeMutablePointer<S>
  private let block: UnsafeMutableRawPointer

  /// Memory whose elements the caller writes before anyone reads them.
  ///
  /// The block is aligned here, not by the allocator: before glibc 2.38 an aligned request never
  /// fits where one of the same size was freed (its bug 14581), so that a training of large matrices
  /// took forty times the memory that it holds.
  init(uninitialized count: Int) {
    let byteCount = max(64, count * MemoryLayout<S>.stride)
    self.count = count
    block = .allocate(byteCount: byteCount + 48, alignment: 16)
    pointer = block.alignedUp(toMultipleOf: 64).bindMemory(to: S.self, capacity: count)
  }

  convenience init(zeros count: Int) {
    self.init(uninitialized: count)
    pointer.initialize(repeating: 0, count: count)
  }

  convenience init(copying other: Storage) {
    self.init(uninitialized: other.count)
    pointer.initialize(from: other.pointer, count: other.count)
  }

  deinit { block.deallocate() }
}
