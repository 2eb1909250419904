/// N records as sequences of vocabulary ids, of unequal lengths, without padding.
public struct IDChunk: Payload {
  public static var kind: PayloadKind { .ids }

  public var ids: [Int32]
  /// Record `i` is `ids[recordEnds[i - 1]..<recordEnds[i]]`.
  public var recordEnds: [UInt32]
  /// A bag of features per record (n-grams), for models that use one.
  public var features: FeatureBags?
  /// The characters of the token behind each id, for models that use them.
  public var spelling: Spelling?

  public init(
    ids: [Int32] = [], recordEnds: [UInt32] = [], features: FeatureBags? = nil,
    spelling: Spelling? = nil
  ) {
    self.ids = ids
    self.recordEnds = recordEnds
    self.features = features
    self.spelling = spelling
  }

  public var count: Int { recordEnds.count }

  /// The positions in `ids` of record `i`.
  public func range(_ i: Int) -> Range<Int> {
    (i == 0 ? 0 : Int(recordEnds[i - 1]))..<Int(recordEnds[i])
  }
}
