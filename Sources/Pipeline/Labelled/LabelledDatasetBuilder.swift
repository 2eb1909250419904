/// Collects labelled records one by one.
public struct LabelledDatasetBuilder: Sendable {
  private var text = TextChunk()
  private var labels: [Int32] = []
  private var ids: [[UInt8]: Int32] = [:]

  public init() {}

  public var count: Int { labels.count }

  /// Whether a record with a text of this many bytes still fits: a dataset holds less than 4 GiB.
  public func hasRoom(for byteCount: Int) -> Bool {
    byteCount < Int(UInt32.max) - text.bytes.count && labels.count < Int(Int32.max)
  }

  /// Adds one record; both parts must be well-formed UTF-8.
  /// - Precondition: `hasRoom(for:)` says so.
  public mutating func add(label: some Collection<UInt8>, text bytes: some Collection<UInt8>) {
    let label = Array(label)
    let id = ids[label] ?? Int32(ids.count)
    ids[label] = id
    labels.append(id)
    text.append(bytes)
  }

  /// The dataset, with its label names sorted by bytes.
  public consuming func build() -> LabelledDataset {
    let sorted = ids.keys.sorted { $0.lexicographicallyPrecedes($1) }
    var map = [Int32](repeating: 0, count: sorted.count)
    for (place, name) in sorted.enumerated() {
      if let id = ids[name] { map[Int(id)] = Int32(place) }
    }
    return LabelledDataset(
      text: text, labels: labels.map { map[Int($0)] },
      labelNames: sorted.map { String(decoding: $0, as: UTF8.self) })
  }
}
