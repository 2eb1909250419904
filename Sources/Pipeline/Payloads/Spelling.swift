/// The characters of tokens, as ids of a vocabulary of their own: for models that spell words they
/// have never seen.
public struct Spelling: Sendable, Hashable {
  public var ids: [Int32]
  /// Token `t`, counted through all records, is spelled `ids[tokenEnds[t - 1]..<tokenEnds[t]]`.
  public var tokenEnds: [UInt32]

  public init(ids: [Int32] = [], tokenEnds: [UInt32] = []) {
    self.ids = ids
    self.tokenEnds = tokenEnds
  }

  /// The positions in `ids` of the characters of token `t`.
  public func range(_ t: Int) -> Range<Int> {
    (t == 0 ? 0 : Int(tokenEnds[t - 1]))..<Int(tokenEnds[t])
  }
}
