public import Pipeline

/// The stages that this module offers to a registry.
public enum SeqStages {
  public static let all: [StageEntry] = [
    StageEntry(RecurrentClassifier.self), StageEntry(LanguageModel.self),
    StageEntry(RecurrentTagger.self), StageEntry(RecurrentForecaster.self), StageEntry(LeNet.self),
  ]
}
