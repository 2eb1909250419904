/// A unigram language model of subwords (Kudo 2018, "Subword Regularization", section 3.2): the
/// tokens of a text are those of the segmentation x with the highest sum of scores
///
///     x* = argmax over x of sum over i of log p(x_i)
///
/// found by Viterbi's algorithm in O(length x longest token). A character that no token covers costs
/// the lowest score less 10.
final class UnigramModel: Sendable {
  struct Piece: Sendable {
    var text: [UInt8]
    var id: Int32
    var score: Double
  }

  /// All tokens, those too that text never gives (control tokens).
  let tokens: TokenTable
  /// -1 where the model names none: then an uncovered character is an error.
  let unknown: Int32
  let unknownScore: Double
  /// Whether sums are rounded to single precision, as SentencePiece has them; else double.
  let isSinglePrecision: Bool
  /// Ids of `<0x00>` to `<0xFF>`; nil where the model does not fall back to bytes or lacks one.
  let byteIDs: [Int32]?
  /// See `BPEModel.cutsAtMetaspace`.
  let cutsAtMetaspace: Bool
  let trie: ByteTrie
  /// The score of each id in `trie`.
  let scores: [Double]

  /// The cost of an uncovered character below the lowest score.
  static let unknownPenalty = 10.0

  /// - Parameters:
  ///   - pieces: what text may be cut into.
  ///   - lowestScore: of all pieces of the model.
  init(
    tokens: TokenTable, pieces: [Piece], unknown: Int32, lowestScore: Double,
    fallsBackToBytes: Bool, isSinglePrecision: Bool
  ) {
    self.tokens = tokens
    self.unknown = unknown
    self.isSinglePrecision = isSinglePrecision
    let penalised = lowestScore - Self.unknownPenalty
    unknownScore = isSinglePrecision ? Double(Float(penalised)) : penalised
    let bytes = (0...255).map { tokens.id(of: ByteFallback.text(UInt8($0))) }
    byteIDs = fallsBackToBytes && bytes.allSatisfy { $0 >= 0 } ? bytes : nil
    cutsAtMetaspace =
      pieces.contains { $0.text == Metaspace.bytes && $0.id != unknown }
      && pieces.allSatisfy { !Metaspace.hasInnerBoundary($0.text) }
    trie = ByteTrie(pieces.map { ($0.text, $0.id) })
    var scores = [Double](repeating: 0, count: tokens.idBound)
    for piece in pieces { scores[Int(piece.id)] = piece.score }
    self.scores = scores
  }

  /// The sum as the model's precision has it.
  @inline(__always)
  func rounded(_ sum: Double) -> Double { isSinglePrecision ? Double(Float(sum)) : sum }
}
