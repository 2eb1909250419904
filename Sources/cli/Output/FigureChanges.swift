/// Figures of a model that is read with fewer bits, each followed by what it lost or gained against
/// the same model read in full, as `accuracy_change`.
enum FigureChanges {
  typealias Figures = [(name: String, value: Double)]

  /// - Parameter exact: the same figures of the model in full; `nil` where that is the one at hand.
  static func appended(to figures: Figures, from exact: Figures?) -> Figures {
    figures
      + zip(figures, exact ?? []).map { ("\($0.name)_change", $0.value - $1.value) }
  }
}
