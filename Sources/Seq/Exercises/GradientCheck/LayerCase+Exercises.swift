/// The network of the exercises, answering at every step and at the last ones.
extension LayerCase {
  static var exercises: [LayerCase] {
    Cells.all.flatMap { [symbols(cell: $0, answers: 4), symbols(cell: $0, answers: 2)] }
  }

  /// V = 5, H = 3, K = 6, T = 4, N = 2.
  private static func symbols(cell: any RecurrentCell, answers: Int) -> LayerCase {
    let network = SymbolNetwork(cell: cell, inputs: 5, hidden: 3, outputs: 6)
    let batch = SymbolNetwork.Batch(
      ids: [3, 0, 1, 4, 2, 2, 0, 1], answers: Array([5, 0, 2, 3, 1, 4, 4, 0].suffix(2 * answers)),
      layout: SequenceLayout(steps: 4, batch: 2))
    return LayerCase(
      name: "\(cell.name) symbols to symbols, \(answers == 4 ? "aligned" : "delayed")",
      layout: network.layout, inputs: []
    ) { _, weights in
      var gradients = Gradients<Double>(network.layout)
      var state: RecurrentState<Double> = network.zeroState(2)
      let loss = network.lossAndGradients(
        batch, from: &state, scale: 3, weights, into: &gradients)
      let found = gradients
      return Forward(loss: 3 * loss) { gradients in
        for parameter in network.layout.parameters {
          gradients.vector[parameter] = zip(gradients[parameter], found[parameter]).map { $0 + $1 }
        }
        return []
      }
    }
  }
}
