/// N records cut into tokens. A token is a slice of `bytes`; slices may leave gaps (dropped
/// spaces), and a tokeniser that only cuts can share the text's buffer without copying it.
public struct TokenChunk: Payload {
  public static var kind: PayloadKind { .tokens }

  /// The bytes that tokens are slices of: well-formed UTF-8, except under byte tokenising.
  public var bytes: [UInt8]
  /// Token `t` is `bytes[starts[t]..<ends[t]]`.
  public var starts: [UInt32]
  public var ends: [UInt32]
  /// Record `i` has tokens `recordEnds[i - 1]..<recordEnds[i]`.
  public var recordEnds: [UInt32]
  /// For each token, its byte range in the original record; `nil` where nobody asked for offsets.
  public var spans: [Range<UInt32>]?
  /// A bag of features per record (n-grams), for models that use one.
  public var features: FeatureBags?
  /// The characters of each token, for models that use them.
  public var spelling: Spelling?

  public init(
    bytes: [UInt8] = [], starts: [UInt32] = [], ends: [UInt32] = [], recordEnds: [UInt32] = [],
    spans: [Range<UInt32>]? = nil, features: FeatureBags? = nil, spelling: Spelling? = nil
  ) {
    self.bytes = bytes
    self.starts = starts
    self.ends = ends
    self.recordEnds = recordEnds
    self.spans = spans
    self.features = features
    self.spelling = spelling
  }

  public var count: Int { recordEnds.count }

  /// The indices of the tokens of record `i`.
  public func tokens(_ i: Int) -> Range<Int> {
    (i == 0 ? 0 : Int(recordEnds[i - 1]))..<Int(recordEnds[i])
  }

  /// The bytes of token `t`.
  public func token(_ t: Int) -> ArraySlice<UInt8> { bytes[Int(starts[t])..<Int(ends[t])] }

  /// The tokens of record `i` as strings.
  public func strings(_ i: Int) -> [String] {
    tokens(i).map { String(decoding: token($0), as: UTF8.self) }
  }
}

/// A bag (multiset, in order of occurrence) of feature ids for each record.
public struct FeatureBags: Sendable, Hashable {
  public var ids: [Int32]
  /// Record `i` has features `ids[recordEnds[i - 1]..<recordEnds[i]]`.
  public var recordEnds: [UInt32]

  public init(ids: [Int32] = [], recordEnds: [UInt32] = []) {
    self.ids = ids
    self.recordEnds = recordEnds
  }

  /// The positions in `ids` of the features of record `i`.
  public func range(_ i: Int) -> Range<Int> {
    (i == 0 ? 0 : Int(recordEnds[i - 1]))..<Int(recordEnds[i])
  }
}
