/// A text under normalisation: its bytes and, where offsets are wanted, which bytes of the original
/// record each of them stands for.
///
/// The rules of alignment are those of Hugging Face's `NormalizedString`: a changed scalar stands for
/// the one that it replaces, an added one for the last byte of what precedes it.
struct AlignedText {
  let tracksOffsets: Bool
  var bytes: [UInt8] = []
  /// Byte `i` stands for `starts[i]..<ends[i]`; empty where offsets are not tracked.
  var starts: [UInt32] = []
  var ends: [UInt32] = []

  init(tracksOffsets: Bool) {
    self.tracksOffsets = tracksOffsets
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// Adds `source[range]`, every scalar standing for itself.
  mutating func append(original source: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    bytes.append(contentsOf: source[range])
    guard tracksOffsets else { return }
    var i = range.lowerBound
    while i < range.upperBound {
      let end = min(i + UTF8Step.length(source[i]), range.upperBound)
      for _ in i..<end {
        starts.append(UInt32(truncatingIfNeeded: i))
        ends.append(UInt32(truncatingIfNeeded: end))
      }
      i = end
    }
  }

  /// Adds bytes of another text with what they stand for.
  @inline(__always)
  mutating func append(_ source: borrowing AlignedText, _ range: Range<Int>) {
    bytes.append(contentsOf: source.bytes[range])
    guard tracksOffsets else { return }
    starts.append(contentsOf: source.starts[range])
    ends.append(contentsOf: source.ends[range])
  }

  /// Adds bytes that stand for what byte `place` of `source` stands for.
  @inline(__always)
  mutating func append(
    _ text: some Collection<UInt8>, as source: borrowing AlignedText, _ place: Int
  ) {
    bytes.append(contentsOf: text)
    guard tracksOffsets else { return }
    let place = min(max(place, 0), source.starts.count - 1)
    for _ in 0..<text.count {
      starts.append(place < 0 ? 0 : source.starts[place])
      ends.append(place < 0 ? 0 : source.ends[place])
    }
  }

  /// Adds bytes each of which stands for all that `range` of `source` stands for.
  @inline(__always)
  mutating func append(
    _ text: some Collection<UInt8>, covering range: Range<Int>, of source: borrowing AlignedText
  ) {
    bytes.append(contentsOf: text)
    guard tracksOffsets, !range.isEmpty else { return }
    for _ in 0..<text.count {
      starts.append(source.starts[range.lowerBound])
      ends.append(source.ends[range.upperBound - 1])
    }
  }

  /// Adds one scalar that stands for what byte `place` of `source` stands for.
  @inline(__always)
  mutating func append(_ scalar: UInt32, as source: borrowing AlignedText, _ place: Int) {
    let begin = bytes.count
    UTF8Step.append(scalar, to: &bytes)
    guard tracksOffsets else { return }
    let place = min(max(place, 0), source.starts.count - 1)
    for _ in begin..<bytes.count {
      starts.append(place < 0 ? 0 : source.starts[place])
      ends.append(place < 0 ? 0 : source.ends[place])
    }
  }

  /// Keeps the bytes in `range`.
  mutating func keep(_ range: Range<Int>) {
    bytes.removeSubrange(range.upperBound...)
    bytes.removeSubrange(..<range.lowerBound)
    guard tracksOffsets else { return }
    starts.removeSubrange(range.upperBound...)
    starts.removeSubrange(..<range.lowerBound)
    ends.removeSubrange(range.upperBound...)
    ends.removeSubrange(..<range.lowerBound)
  }

  var isASCII: Bool { bytes.withUnsafeBufferPointer(ASCII.isASCII) }
}
