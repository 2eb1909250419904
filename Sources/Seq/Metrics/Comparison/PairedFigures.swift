/// The figures of two models, A and B, on the same N records, as functions of which records are
/// taken.
public protocol PairedFigures: Sendable {
  /// What each figure is called, and whether a higher one is better.
  static var names: [(name: String, isBetterWhenHigher: Bool)] { get }

  /// N.
  var count: Int { get }

  /// The figures on some records, of which one may be taken several times, in the order of `names`.
  ///
  /// - Precondition: at least one record, each from 0 to N - 1.
  func values(of records: [Int32]) -> (a: [Double], b: [Double])
}
