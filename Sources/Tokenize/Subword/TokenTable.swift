/// The tokens of a model under their ids. Ids may have holes, as a `tokenizer.json` may.
struct TokenTable: Sendable {
  /// More ids than any known vocabulary has by far; it bounds memory for a hostile file.
  static let maximumID = 1 << 24

  private var table = ByteStringTable()
  /// The id of each string of `table`.
  private var ids: [Int32] = []
  /// The place in `table` of each id, -1 for a hole.
  private var places: [Int32] = []

  /// How many distinct tokens there are.
  var count: Int { ids.count }
  /// One more than the highest id.
  var idBound: Int { places.count }

  /// Adds a token. Of two tokens with one text, the later id counts for the text, as a later member
  /// of a JSON object does.
  mutating func insert(_ token: [UInt8], id: Int32) throws {
    let (place, isNew) = try token.withUnsafeBufferPointer { try table.insert($0) }
    if isNew { ids.append(id) } else { ids[Int(place)] = id }
    while places.count <= Int(id) { places.append(-1) }
    places[Int(id)] = place
  }

  /// The id of a token, or -1.
  @inline(__always)
  func id(of token: UnsafeBufferPointer<UInt8>) -> Int32 {
    let place = table.find(token)
    return place < 0 ? -1 : ids[Int(place)]
  }

  func id(of token: [UInt8]) -> Int32 { token.withUnsafeBufferPointer { id(of: $0) } }

  /// The text of an id; nil for a hole.
  func text(_ id: Int32) -> ArraySlice<UInt8>? {
    guard id >= 0, Int(id) < places.count, places[Int(id)] >= 0 else { return nil }
    return table[Int(places[Int(id)])]
  }

  /// All tokens with their ids, in the order of the ids.
  var entries: [(text: [UInt8], id: Int32)] {
    places.indices.compactMap { id in
      text(Int32(id)).map { (Array($0), Int32(id)) }
    }
  }
}
