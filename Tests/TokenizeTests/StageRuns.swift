import Pipeline
import TestSupport

/// The texts that a stage from text to text makes of the given ones.
func rewrite<S: Stage>(_ texts: [String], by stage: S) throws -> [String]
where S.Input == TextChunk, S.Output == TextChunk {
  try StageLaws.run(stage, on: [TextChunk(texts)]).map { String(decoding: $0.bytes, as: UTF8.self) }
}

/// The tokens that a stage from text to tokens makes of one text.
func tokens<S: Stage>(_ text: String, by stage: S) throws -> [String]
where S.Input == TextChunk, S.Output == TokenChunk {
  try StageLaws.run(stage, on: [TextChunk([text])])[0].tokens
    .map { String(decoding: $0, as: UTF8.self) }
}

/// A chunk of the given records' tokens.
func tokenChunk(_ records: [[String]]) -> TokenChunk {
  var chunk = TokenChunk()
  for record in records {
    for token in record {
      chunk.starts.append(UInt32(chunk.bytes.count))
      chunk.bytes += token.utf8
      chunk.ends.append(UInt32(chunk.bytes.count))
    }
    chunk.recordEnds.append(UInt32(chunk.starts.count))
  }
  return chunk
}

extension String {
  /// The same bytes, not merely canonically equivalent text.
  func isIdentical(to other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
