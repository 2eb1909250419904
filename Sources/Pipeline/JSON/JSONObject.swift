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

  /// Members in any order; O(n log n) however they come.
  /// - Returns: in `duplicate`, the index of a member whose key stood before it.
  static func sorting(_ members: [Member]) -> (object: JSONObject, duplicate: Int?) {
    let order = members.indices.sorted { a, b in
      if members[a].key.utf8.elementsEqual(members[b].key.utf8) { return a < b }
      return members[a].key.utf8.lexicographicallyPrecedes(members[b].key.utf8)
    }
    var object = JSONObject()
    object.members = order.map { members[$0] }
    let duplicate = zip(order, order.dropFirst()).first { a, b in
      members[a].key.utf8.elementsEqual(members[b].key.utf8)
    }
    return (object, duplicate?.1)
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
