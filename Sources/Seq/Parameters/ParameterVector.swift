/// All weights of a model (or their gradients, or an optimiser's moments) in one contiguous vector,
/// so that clipping, adding and an optimiser's step are single passes over memory.
public struct ParameterVector<S: Scalar>: Sendable {
  public let layout: ParameterLayout
  private var storage: Storage<S>
  /// Where the parameters stand while `storage` does not hold them.
  private var program: ProgramParameters<S>?

  private init(_ layout: ParameterLayout, _ storage: Storage<S>) {
    self.layout = layout
    self.storage = storage
  }

  /// All zeros.
  public init(_ layout: ParameterLayout) {
    self.init(layout, Storage(zeros: layout.count))
  }

  /// Memory whose elements the caller writes, all of them, before anyone reads them.
  init(uninitialized layout: ParameterLayout) {
    self.init(layout, Storage(uninitialized: layout.count))
  }

  /// Parameters that stay where the program holds them, until one is written to.
  init(_ program: ProgramParameters<S>) {
    self.init(program.layout, Storage(uninitialized: 0))
    self.program = program
  }

  /// The elements of one parameter.
  public subscript(_ parameter: Parameter) -> [S] {
    get { Array(UnsafeBufferPointer(start: pointer(parameter), count: parameter.count)) }
    set {
      precondition(newValue.count == parameter.count, "\(parameter.name) has another size")
      let target = mutablePointer(parameter)
      for (i, value) in newValue.enumerated() { target[i] = value }
    }
  }

  /// The first element of a parameter, valid while the vector lives and is not written to.
  func pointer(_ parameter: Parameter) -> UnsafePointer<S> {
    program?.places[parameter.index] ?? UnsafePointer(storage.pointer + parameter.offset)
  }

  /// The first element of a parameter, to write to; the vector is copied first if it is shared.
  mutating func mutablePointer(_ parameter: Parameter) -> UnsafeMutablePointer<S> {
    mutablePointer + parameter.offset
  }

  /// The first of all elements, to read.
  var pointer: UnsafePointer<S> { UnsafePointer((program?.joined ?? storage).pointer) }

  /// The first of all elements, to write to.
  var mutablePointer: UnsafeMutablePointer<S> {
    mutating get {
      if let program {
        (storage, self.program) = (Storage(copying: program.joined), nil)
      } else if !isKnownUniquelyReferenced(&storage) {
        storage = Storage(copying: storage)
      }
      return storage.pointer
    }
  }
}
