public import Pipeline

/// The stages of this module, for a registry.
public enum TokenizeStages {
  public static let all: [StageEntry] = [
    StageEntry(NormalizeUnicode.self),
    StageEntry(NormalizeCase.self),
    StageEntry(NormalizePunctuation.self),
    StageEntry(NormalizeAccents.self),
    StageEntry(NormalizeDigits.self),
    StageEntry(NormalizeTransliterate.self),
    StageEntry(NormalizeWhitespace.self),
    StageEntry(SegmentUnicode.self),
    StageEntry(SegmentRegex.self),
    StageEntry(NGramFeatures.self),
    StageEntry(CharacterFeatures.self),
    StageEntry(VocabularyStage.self),
    StageEntry(SubwordTokenize.self),
    StageEntry(SubwordEncode.self),
  ]
}
