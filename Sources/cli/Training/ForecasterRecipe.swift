import Seq

/// A good way to train a forecaster on given data.
struct ForecasterRecipe {
  var architecture = ForecasterOptions()
  var training = TrainingOptions()

  /// - Parameter rowCount: how many rows there are to learn from.
  init(columns: Int, rowCount: Int, horizon: Int, season: Int) {
    architecture.inputs = columns
    architecture.horizon = horizon
    architecture.season = season
    // Two seasons and the horizon, as far as that leaves most rows to learn from.
    architecture.window = max(
      max(1, season), min(max(24, 2 * season, 2 * horizon), max(1, rowCount / 4)))
    training.epochs = ClassifierRecipe.epochs(20, for: rowCount)
    training.batchSize = 32
    training.learningRate = 3e-3
    training.dropout = 0
    training.featureDropout = 0
  }
}
