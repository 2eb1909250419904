/// The members of a JSON object, sorted by the bytes of their keys: NFC and NFD forms of a key
/// are two keys, and what is written never depends on a hash seed.
public struct JSONObject: Sendable, Hashable {
  /// One `"key": value`.
  public struct Member: Sendable, Hashable {
    public let key: String
    public var value: JSONValue
  }

  /// The members in the order of their keys' bytes.
  public private(set) var members: [Member] = []

  public init() {}

  /// Of several members with one key, the last stays.
  public init(_ pairs: some Sequence<(String, JSONValue)>) {
    for (key, value) in pairs { self[key] = value }
  }

  public var count: Int { members.count }
  public var isEmpty: Bool { members.isEmpty }
  public var keys: [String] { members.map(\.key) }

  /// The value of a key; setting `nil` removes it. Finding is O(log members).
  public subscript(key: String) -> JSONValue? {
    get {
      let (index, isPresent) = find(key)
      return isPresent ? members[index].value : nil
    }
    set {
      let (index, isPresent) = find(key)
      switch (newValue, isPresent) {
      case (let value?, true): members[index].value = value
      case (let value?, false): members.insert(Member(key: key, value: value), at: index)
      case (nil, true): members.remove(at: index)
      case (nil, false): break
      }
    }
  }

  private func find(_ key: String) -> (index: Int, isPresent: Bool) {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle].key.utf8.lexicographicallyPrecedes(key.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    let isPresent = low < members.count && members[low].key.utf8.elementsEqual(key.utf8)
    return (low, isPresent)
  }
}
