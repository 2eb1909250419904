/// What the weights of recurrent layers say about them.
public struct RecurrentShape: Sendable, Hashable {
  /// G: 1 for an RNN, 3 for a GRU, 4 for an LSTM.
  public let gateCount: Int
  /// D and H.
  public let inputSize: Int
  public let hiddenSize: Int
  public let layerCount: Int
  public let isBidirectional: Bool

  /// W: the width of the output.
  public var outputSize: Int { isBidirectional ? 2 * hiddenSize : hiddenSize }

  /// Reads the names and shapes of the layers called `rnn`.
  /// - Throws: `SeqError.foreignWeights`.
  init(_ dictionary: StateDictionary, rnn: String) throws {
    func name(_ part: String) -> String { StateNames.join(rnn, part) }
    let (inputs, recurrent) = (name("weight_ih_l0"), name("weight_hh_l0"))
    guard let ih = dictionary.matrix(inputs), let hh = dictionary.matrix(recurrent) else {
      throw dictionary.fault(
        "missing: the matrices \(StateDictionary.list([inputs, recurrent])) "
          + "(a state dict of torch.nn.RNN, LSTM or GRU is needed)")
    }
    guard dictionary.tensors[name("weight_hr_l0")] == nil else {
      throw dictionary.fault("an LSTM with projections (proj_size) cannot be imported")
    }
    guard hh.columns > 0, hh.rows % hh.columns == 0, [1, 3, 4].contains(hh.rows / hh.columns)
    else {
      throw dictionary.fault(
        "\(StateDictionary.quoted(recurrent)) has shape [\(hh.rows), \(hh.columns)], but [G H, H] "
          + "with G = 1, 3 or 4 is needed")
    }
    (gateCount, hiddenSize, inputSize) = (hh.rows / hh.columns, hh.columns, ih.columns)
    layerCount = (0..<64).prefix { dictionary.tensors[name("weight_ih_l\($0)")] != nil }.count
    isBidirectional = dictionary.tensors[name("weight_ih_l0_reverse")] != nil
  }

  /// The cell with so many gates.
  ///
  /// - Parameter name: what a user said; an RNN is taken for one with tanh where nothing was.
  /// - Throws: `SeqError.unknownName`; `SeqError.foreignWeights` where the cell has other gates.
  func cell(_ name: String?, in dictionary: StateDictionary) throws -> any RecurrentCell {
    guard let name else {
      return Cells.all.first { $0.gateCount == gateCount } ?? RNNCell()
    }
    let cell = try Cells.named(name)
    guard cell.gateCount == gateCount else {
      throw dictionary.fault(
        "the recurrent layers have \(gateCount) gates, but \(name) has \(cell.gateCount)")
    }
    return cell
  }
}
