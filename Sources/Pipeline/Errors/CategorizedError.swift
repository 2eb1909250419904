/// An error that knows its category and describes itself in one line:
/// `FILE:LINE:OFFSET: what is wrong (what to do)`, as far as it knows the place.
public protocol CategorizedError: Error, CustomStringConvertible {
  var category: ErrorCategory { get }
}
