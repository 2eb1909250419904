/// What is done to the tokens of a record at the end.
enum PostProcessor: Sendable {
  /// Puts special tokens around them.
  case template([TemplatePart])
  /// Takes white space out of their offsets (not their texts). `addsSpace`: a single space at the
  /// start was put there by the tokenizer and has no offsets to take out.
  case trimOffsets(addsSpace: Bool)
}

/// A part of a template.
enum TemplatePart: Sendable, Equatable {
  case sequence
  case special([Int32])
}

/// `truncation`: how many tokens a record has at most, special ones included.
struct Truncation: Sendable, Equatable {
  var maximumLength: Int
  var keepsEnd: Bool
}

/// `padding`: how many tokens a record has at least.
struct Padding: Sendable, Equatable {
  /// 0 for the length of the record itself, which then only `multiple` changes.
  var length: Int
  /// 0 for no multiple.
  var multiple: Int
  var id: Int32
  var isAtStart: Bool

  /// The length that a record of `count` tokens gets.
  func target(for count: Int) -> Int {
    let wanted = length > 0 ? length : count
    guard multiple > 0, wanted % multiple != 0 else { return max(wanted, count) }
    return max(wanted + multiple - wanted % multiple, count)
  }
}
