/// How labelled records stand in a file or a folder.
public enum LabelledFormat: String, Sendable, Hashable, CaseIterable {
  /// `label TAB text`, one record a line; the text may hold further tabs.
  case tsv
  /// Comma-separated values (RFC 4180), one column for the label and one for the text.
  case csv
  /// One JSON object a line, with a member for the label and one for the text.
  case jsonl
  /// A folder with one file per class, named after it (`Irish.txt`), one text a line.
  case folder
}
