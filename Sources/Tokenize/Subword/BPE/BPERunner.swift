/// Encodes words by a `BPEModel`, with a cache of the words it met.
struct BPERunner: SubwordModelRunner {
  private let model: BPEModel
  private var merger = BPEMerger()
  private var cache = WordCache()

  init(_ model: BPEModel) {
    self.model = model
  }

  /// Appends the tokens of the word at `range` of `text`.
  @inline(__always)
  mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into pieces: inout PieceList
  ) throws {
    guard model.cutsAtMetaspace else { return try encodeWord(text, range, into: &pieces) }
    var start = range.lowerBound
    let word = UnsafeBufferPointer(rebasing: text[..<range.upperBound])
    while start < range.upperBound {
      let end = Metaspace.segmentEnd(from: start, in: word)
      try encodeWord(text, start..<end, into: &pieces)
      start = end
    }
  }

  @inline(__always)
  private mutating func encodeWord(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into pieces: inout PieceList
  ) throws {
    let word = UnsafeBufferPointer(rebasing: text[range])
    if cache.recall(word, at: range.lowerBound, into: &pieces) != nil { return }
    try encodeNew(word, at: range.lowerBound, into: &pieces)
  }

  private mutating func encodeNew(
    _ word: UnsafeBufferPointer<UInt8>, at start: Int, into pieces: inout PieceList
  ) throws {
    let first = pieces.count
    let whole = model.wholeWord(word)
    if whole >= 0 {
      pieces.append(whole, start, start + word.count)
    } else {
      merger.removeAll()
      model.addSymbols(of: word, to: &merger)
      merger.merge(by: model.merges)
      var begin = 0
      for i in merger.ids.indices {
        let end = Int(merger.ends[i])
        let isSurface = model.options.keepsUnknownText && merger.ids[i] == model.options.unknown
        pieces.append(merger.ids[i], start + begin, start + end, isSurface: isSurface)
        begin = end
      }
    }
    try cache.keep(word, at: start, pieces, from: first)
  }
}
