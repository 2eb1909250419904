/// The stages of this module, for a registry.
public enum PipelineStages {
  public static let all: [StageEntry] = [
    StageEntry(SampleRecords.self),
    StageEntry(SplitRecords.self),
    StageEntry(DeduplicateRecords.self),
    StageEntry(FilterRecords.self),
  ]
}
