/// A block of memory for numbers, aligned to a cache line, freed with its last owner.
///
/// Only value types own one (`Tensor`, `ParameterVector`); they copy it before they write to it when
/// it is shared, which is what makes handing it between threads safe.
final class Storage<S: Scalar>: @unchecked Sendable {
  let count: Int
  let pointer: UnsafeMutablePointer<S>

  /// Memory whose elements the caller writes before anyone reads them.
  init(uninitialized count: Int) {
    self.count = count
    self.pointer =
      UnsafeMutableRawPointer
      .allocate(byteCount: max(64, count * MemoryLayout<S>.stride), alignment: 64)
      .bindMemory(to: S.self, capacity: count)
  }

  convenience init(zeros count: Int) {
    self.init(uninitialized: count)
    pointer.initialize(repeating: 0, count: count)
  }

  convenience init(copying other: Storage) {
    self.init(uninitialized: other.count)
    pointer.initialize(from: other.pointer, count: other.count)
  }

  deinit { pointer.deallocate() }
}
