/// What every training has, whatever it learns, so that options can be laid over any of them.
package protocol LearningSettings {
  var epochs: Int { get set }
  var batchSize: Int { get set }
  var accumulate: Int { get set }
  var optimizer: String { get set }
  var learningRate: Double { get set }
  var schedule: Schedule { get set }
  var warmUp: Double { get set }
  var dropout: Double { get set }
  var l1: Double { get set }
  var l2: Double { get set }
  var clipNorm: Double { get set }
  var clipValue: Double { get set }
  var rollsBack: Bool { get set }
  var onDiverge: DivergencePolicy { get set }
  var earlyStopping: Int { get set }
  var seed: UInt64 { get set }
}

extension TrainingOptions: LearningSettings {}

extension LanguageModelTraining: LearningSettings {
  package var dropout: Double {
    get { regularization.dropout }
    set { regularization.dropout = newValue }
  }
}
