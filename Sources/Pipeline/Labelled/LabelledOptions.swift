/// How labelled data are read.
public struct LabelledOptions: Sendable, Hashable {
  /// `nil` judges each path: a folder is a folder, `.csv`, `.jsonl`, `.ndjson` and `.json` say what
  /// they are, everything else is TSV.
  public var format: LabelledFormat?
  /// The column or member of the label: a name, or a number from 1 for a CSV without a header.
  public var labelColumn = "label"
  /// The column or member of the text.
  public var textColumn = "text"
  /// Line ends, malformed UTF-8 and the longest record.
  public var records = RecordOptions()

  public init() {}
}
