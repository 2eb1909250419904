/// A dense array of numbers, row-major: the last index runs fastest. A value: a copy is
/// independent (the memory is shared until one of the two is written to).
///
/// Shapes are written with letters throughout: T time, N batch, M steps of all sequences together,
/// D input, H hidden, G gates, V vocabulary, K classes; of images `[N, C, H, W]`: C channels, H rows
/// and W columns of pixels.
public struct Tensor<S: Scalar>: Sendable {
  /// The length of each dimension.
  public let shape: [Int]
  private var storage: Storage<S>

  /// A tensor of the given elements.
  ///
  /// - Precondition: `values.count` is the product of `shape`.
  public init(_ shape: [Int], _ values: [S]) {
    self.init(uninitialized: shape)
    precondition(values.count == count, "shape \(shape) does not hold \(values.count) elements")
    values.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { storage.pointer.initialize(from: base, count: count) }
    }
  }

  /// A tensor of zeros.
  public init(zeros shape: [Int]) {
    self.shape = shape
    self.storage = Storage(zeros: shape.reduce(1, *))
  }

  /// A tensor whose elements the caller writes before anyone reads them.
  init(uninitialized shape: [Int]) {
    self.shape = shape
    self.storage = Storage(uninitialized: shape.reduce(1, *))
  }

  /// The same elements in another shape.
  ///
  /// - Precondition: it holds as many.
  func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.reduce(1, *) == count, "\(self.shape) cannot become \(shape)")
    return Tensor(shape: shape, storage: storage)
  }

  private init(shape: [Int], storage: Storage<S>) {
    self.shape = shape
    self.storage = storage
  }

  /// The number of elements.
  public var count: Int { storage.count }

  /// The number of rows: the first dimension.
  public var rows: Int { shape.first ?? 1 }

  /// The number of elements of a row.
  public var columns: Int { shape.dropFirst().reduce(1, *) }

  /// The elements, row-major.
  public var values: [S] { Array(UnsafeBufferPointer(start: storage.pointer, count: count)) }

  /// One element of a matrix.
  public subscript(_ row: Int, _ column: Int) -> S {
    get { storage.pointer[row * columns + column] }
    set { mutablePointer[row * columns + column] = newValue }
  }

  /// The elements in memory, valid while the tensor lives and is not written to.
  package var pointer: UnsafePointer<S> { UnsafePointer(storage.pointer) }

  /// The elements in memory, to write to; copied first if another tensor shares them.
  var mutablePointer: UnsafeMutablePointer<S> {
    mutating get {
      if !isKnownUniquelyReferenced(&storage) { storage = Storage(copying: storage) }
      return storage.pointer
    }
  }

  /// The first element of row `i`.
  func row(_ i: Int) -> UnsafePointer<S> { pointer + i * columns }

  /// Adds `other` element by element.
  ///
  /// - Precondition: both have one shape.
  public mutating func add(_ other: Tensor) {
    precondition(shape == other.shape, "cannot add \(other.shape) to \(shape)")
    S.add(other.pointer, to: mutablePointer, count: count)
  }
}

extension Tensor: Equatable {
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.values == b.values
  }
}
