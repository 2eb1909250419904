/// What a recurrent layer carries from one step to the next, for N sequences: always a value, never
/// absent; the usual beginning is zeros.
public struct RecurrentState<S: Scalar>: Sendable, Equatable {
  /// h, `[N, H]`.
  public var hidden: Tensor<S>
  /// c, `[N, H]`, for cells that have one, else `[0, H]`.
  public var cell: Tensor<S>

  public init(hidden: Tensor<S>, cell: Tensor<S>) {
    self.hidden = hidden
    self.cell = cell
  }

  /// Zeros for `batch` sequences.
  public init(zerosFor cell: any RecurrentCell, batch: Int, hidden: Int) {
    self.hidden = Tensor(zeros: [batch, hidden])
    self.cell = Tensor(zeros: [cell.stateCount > 1 ? batch : 0, hidden])
  }
}
