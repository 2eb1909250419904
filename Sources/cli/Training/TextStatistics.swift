import Pipeline

/// What a recipe wants to know of the training texts. White space is ASCII's here: an estimate.
struct TextStatistics: Equatable {
  /// N records.
  let count: Int
  /// Means per record.
  let meanCharacters: Double
  let meanWords: Double

  init(_ text: TextChunk) {
    var characters = 0
    var words = 0
    for record in 0..<text.count {
      var isInWord = false
      for byte in text.bytes[text.range(record)] {
        if byte & 0xC0 != 0x80 { characters += 1 }
        let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
        if !isSpace, !isInWord { words += 1 }
        isInWord = !isSpace
      }
    }
    count = text.count
    meanCharacters = Double(characters) / Double(max(1, count))
    meanWords = Double(words) / Double(max(1, count))
  }
}
