/// What a recurrent network does in **one** step in time. The loop over time, the matrix products
/// and the parameters belong to `RecurrentLayer`; a cell is the element-wise rest.
///
/// Before a step the layer has computed the two parts of the pre-activations, each `[n, G H]`,
/// the G gates one after the other:
/// ```
/// x = W_ih x_t + b_ih        r = W_hh h_{t-1} + b_hh
/// ```
/// A new cell is one file that conforms to this protocol, one row in `Cells.all`, one test.
public protocol RecurrentCell: Sendable {
  /// The word for `--cell`.
  var name: String { get }
  /// G: how many gates (blocks of H rows in the weights).
  var gateCount: Int { get }
  /// How many vectors of H make the state: the hidden state first.
  var stateCount: Int { get }
  /// How many vectors of H a step saves for the backward pass.
  var cacheCount: Int { get }
  /// Whether the gradients of the two parts differ (`dr` is not `dx`).
  var separatesRecurrentGradient: Bool { get }

  /// From `x`, `r` and the previous state to the next state.
  func step<S: Scalar>(_ step: CellStep<S>)

  /// From the gradient with respect to the next state to those of `x`, `r` and the previous state.
  ///
  /// On entry `dHidden` and `dCell` hold the gradients with respect to h_t and c_t. On return
  /// `dCell` holds that of c_{t-1}, and `dHidden` what reaches h_{t-1} past the matrix product
  /// (zero where nothing does); the layer adds W_hh^T dr.
  func stepBackward<S: Scalar>(_ step: CellStepGradient<S>)
}

/// The buffers of one forward step over the `rows` sequences that are still active.
public struct CellStep<S: Scalar> {
  /// n, and H.
  public var rows: Int
  public var hidden: Int
  /// `[n, G H]`, rows `ldx` apart: the input part with its bias.
  public var x: UnsafePointer<S>
  public var ldx: Int
  /// `[n, G H]`: the recurrent part with its bias.
  public var r: UnsafePointer<S>
  /// `[n, H]`: h and c of the previous step.
  public var previousHidden: UnsafePointer<S>
  public var previousCell: UnsafePointer<S>?
  /// `[n, H]`: h and c of this step, in the place of the previous ones or elsewhere.
  public var hiddenState: UnsafeMutablePointer<S>
  public var cellState: UnsafeMutablePointer<S>?
  /// `[n, cacheCount H]`: what the backward pass needs; `nil` in inference.
  public var cache: UnsafeMutablePointer<S>?
  /// The rows of x, r and the previous state that each sequence takes, where they are shared: n each. `nil`:
  /// its own.
  public var rowsOfX: UnsafePointer<Int32>?
  public var rowsOfR: UnsafePointer<Int32>?
  public var rowsOfPrevious: UnsafePointer<Int32>?

  /// The input part of sequence `i`, `[G H]`.
  func x(_ i: Int) -> UnsafePointer<S> { x + (rowsOfX.map { Int($0[i]) } ?? i) * ldx }

  /// The recurrent part of sequence `i`, `[G H]`.
  func r(_ i: Int, gates: Int) -> UnsafePointer<S> {
    r + (rowsOfR.map { Int($0[i]) } ?? i) * gates * hidden
  }

  /// Where the previous state of sequence `i` begins.
  func previous(_ i: Int) -> Int { (rowsOfPrevious.map { Int($0[i]) } ?? i) * hidden }
}

/// The buffers of one backward step.
public struct CellStepGradient<S: Scalar> {
  public var rows: Int
  public var hidden: Int
  /// `[n, H]`: the states before the step, and the hidden state after it.
  public var previousHidden: UnsafePointer<S>
  public var previousCell: UnsafePointer<S>?
  public var nextHidden: UnsafePointer<S>
  /// What the forward step saved.
  public var cache: UnsafePointer<S>
  /// `[n, H]`: see `RecurrentCell.stepBackward`.
  public var dHidden: UnsafeMutablePointer<S>
  public var dCell: UnsafeMutablePointer<S>?
  /// `[n, G H]`: the gradients of `x` and `r`; one buffer where the cell does not separate them.
  public var dx: UnsafeMutablePointer<S>
  public var dr: UnsafeMutablePointer<S>
}

/// The known cells.
public enum Cells {
  public static let all: [any RecurrentCell] = [
    RNNCell(), RNNCell(rectified: true), LSTMCell(), GRUCell(),
  ]

  /// The cell of that name.
  /// - Throws: `SeqError.unknownName`, which lists the known ones.
  public static func named(_ name: String) throws -> any RecurrentCell {
    guard let cell = all.first(where: { $0.name == name }) else {
      throw SeqError.unknownName(kind: "cell", name: name, known: all.map(\.name))
    }
    return cell
  }
}
