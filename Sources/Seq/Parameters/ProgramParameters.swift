import Synchronization

/// Parameters that are read where they stand in the program, each for itself: a model that is built in
/// is not copied to be used.
final class ProgramParameters<S: Scalar>: @unchecked Sendable {
  // The places are of memory that never changes, which makes sharing them safe.
  let layout: ParameterLayout
  /// The first element of each parameter, in the order of the layout.
  let places: [UnsafePointer<S>]
  private let copy = Mutex<Storage<S>?>(nil)

  init(_ layout: ParameterLayout, _ places: [UnsafePointer<S>]) {
    precondition(places.count == layout.parameters.count, "each parameter has one place")
    (self.layout, self.places) = (layout, places)
  }

  /// All parameters one after the other, copied when they are first asked for.
  var joined: Storage<S> {
    copy.withLock { copy in
      if let copy { return copy }
      let storage = Storage<S>(uninitialized: layout.count)
      for (parameter, place) in zip(layout.parameters, places) {
        (storage.pointer + parameter.offset).initialize(from: place, count: parameter.count)
      }
      copy = storage
      return storage
    }
  }
}
