import Glibc
import Pipeline
import Seq

/// A seeded series: a sine of period 12, a trend, and noise; beside it a column that leads it by one row.
enum SampleSeries {
  static func make(_ count: Int, seed: UInt64 = 1, noise: Double = 0.2, width: Int = 1) -> Series {
    var random = RandomGenerator(seed: seed, stream: 0x7369_6e65)
    let y = (0...count).map { (row: Int) -> Double in
      let (trend, season) = (0.05 * Double(row), 5 * sin(Double(row) * Double.pi / 6))
      return 100 + trend + season + noise * random.normal()
    }
    let values = (0..<count).flatMap { (row: Int) -> [Double] in
      width == 1 ? [y[row]] : [y[row], 3 * y[row + 1] - 7]
    }
    return Series(columns: width == 1 ? ["y"] : ["y", "lead"], values: values)
  }

  static func trainer(
    cell: String = "lstm", epochs: Int = 3,
    _ change: (inout ForecasterOptions, inout TrainingOptions) -> Void = { _, _ in }
  ) throws -> ForecasterTrainer {
    var options = ForecasterOptions()
    (options.cell, options.hidden, options.window, options.horizon) = (cell, 12, 14, 3)
    options.season = 12
    var training = TrainingOptions()
    (training.epochs, training.batchSize, training.learningRate) = (epochs, 16, 0.01)
    training.dropout = 0
    change(&options, &training)
    return try ForecasterTrainer(architecture: options, training: training)
  }
}
