/// What flows between two stages: a **chunk** of N records, stored by column.
///
/// A chunk is one value for many records (an Arrow-like layout), so a stage pays for one call and
/// a few allocations per chunk, never per record. `count` is the number of records; a one-to-one
/// stage returns a chunk with the same `count`, and the chain checks that it did.
public protocol Payload: Sendable {
  /// The kind's name, as `seqtool stages` prints it; an edge of a chain joins equal kinds.
  static var kind: PayloadKind { get }
  /// The number of records N in this chunk.
  var count: Int { get }
}

/// The kinds of payload that a stage can take or give.
public enum PayloadKind: String, Sendable, Hashable, CaseIterable {
  /// Records of UTF-8 text (`TextChunk`).
  case text
  /// Records cut into tokens (`TokenChunk`).
  case tokens
  /// Records as vocabulary ids (`IDChunk`).
  case ids
  /// Images of one size (`ImageChunk`).
  case images
  /// Class probabilities, one row per record (`PredictionChunk`).
  case predictions
  /// Log-probabilities of whole records (`ScoreChunk`).
  case scores
  /// A tag for each token (`TagChunk`).
  case tags
  /// Matrices of numbers, pieces of series (`NumberChunk`).
  case numbers
}
