/// Encodes texts by a `UnigramModel`.
///
/// A text is cut before runs of U+2581 where no token spans such a place, and words that were seen
/// are recalled. Sums of scores run through the whole text, though, and their rounding can decide a
/// near tie; so a word is only recalled where all its decisions were clear by more than that, and
/// the result is always that of one pass over the whole text.
struct UnigramRunner: SubwordModelRunner {
  private let model: UnigramModel
  private var cache = WordCache()
  /// For each end of a piece in the segment: the best sum, where that piece begins (-1: none ends
  /// here), and its id.
  private var sums: [Double] = []
  private var begins: [Int32] = []
  private var ids: [Int32] = []
  private var path: [Int32] = []
  /// The sum of scores up to the current segment.
  private var total = 0.0

  init(_ model: UnigramModel) {
    self.model = model
  }

  /// Appends the tokens of the text at `range`.
  /// - Throws: `TokenizeError.unknownToken` where a character is unknown and the model has no token
  ///   for that.
  mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into pieces: inout PieceList
  ) throws {
    total = 0
    let text = UnsafeBufferPointer(rebasing: text[..<range.upperBound])
    var start = range.lowerBound
    while start < range.upperBound {
      let end =
        model.cutsAtMetaspace ? Metaspace.segmentEnd(from: start, in: text) : range.upperBound
      try encodeSegment(text, start..<end, into: &pieces)
      start = end
    }
  }

  @inline(__always)
  private mutating func encodeSegment(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into pieces: inout PieceList
  ) throws {
    let word = UnsafeBufferPointer(rebasing: text[range])
    let first = pieces.count
    let before = total
    let clearance = cache.recall(word, at: range.lowerBound, into: &pieces)
    if let clearance {
      for i in first..<pieces.count { addScore(of: pieces[i], in: text) }
      if Double(clearance) > roundingStep { return }
      pieces.keep(0..<first)
      total = before
    }
    let margin = findBest(word)
    try backtrack(word, at: range.lowerBound, into: &pieces)
    total = sums[word.count]
    if clearance == nil {
      // What this pass itself may have rounded is taken off: then the note holds for any sum.
      let note = margin / Double(2 * (word.count + 1)) - roundingStep
      try cache.keep(word, at: range.lowerBound, pieces, from: first, note: Float(note))
    }
  }

  /// Adds what the token contributed to the sum, in the steps in which the search added it.
  @inline(__always)
  private mutating func addScore(of piece: Piece, in text: UnsafeBufferPointer<UInt8>) {
    guard piece.isSurface else {
      total = model.rounded(total + model.scores[Int(piece.id)])
      return
    }
    // A run of unknown characters is one token, but each of them cost its own.
    for i in Int(piece.start)..<Int(piece.end) where text[i] & 0xC0 != 0x80 {
      total = model.rounded(total + model.unknownScore)
    }
  }

  /// More than one addition to a sum as large as the total can round away.
  private var roundingStep: Double {
    (model.isSinglePrecision ? 0x1p-22 : 0x1p-50) * (total.magnitude + 1)
  }

  /// Fills the table for a segment.
  /// - Returns: the least difference by which a decision was taken.
  private mutating func findBest(_ word: UnsafeBufferPointer<UInt8>) -> Double {
    if sums.count <= word.count {
      let growth = max(word.count + 1, 2 * sums.count) - sums.count
      sums += repeatElement(0, count: growth)
      begins += repeatElement(-1, count: growth)
      ids += repeatElement(-1, count: growth)
    }
    let model = model
    let total = total
    return sums.withUnsafeMutableBufferPointer { sums in
      begins.withUnsafeMutableBufferPointer { begins in
        ids.withUnsafeMutableBufferPointer { ids in
          for i in 0...word.count { begins[i] = -1 }
          sums[0] = total
          var table = Table(sums: sums, begins: begins, ids: ids, model: model)
          table.fill(word)
          return table.margin
        }
      }
    }
  }

  /// Appends the tokens of the best path; a run of unknown characters is one.
  private mutating func backtrack(
    _ word: UnsafeBufferPointer<UInt8>, at start: Int, into pieces: inout PieceList
  ) throws {
    path.removeAll(keepingCapacity: true)
    var end = word.count
    while end > 0 {
      path.append(Int32(end))
      end = Int(begins[end])
    }
    var begin = 0
    var i = path.count
    while i > 0 {
      i -= 1
      var end = Int(path[i])
      let id = ids[end]
      if id == model.unknown || id < 0 {
        while i > 0, ids[Int(path[i - 1])] == id {
          i -= 1
          end = Int(path[i])
        }
        try appendUnknown(word, begin..<end, at: start, into: &pieces)
      } else {
        pieces.append(id, start + begin, start + end)
      }
      begin = end
    }
  }

  private func appendUnknown(
    _ word: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, at start: Int,
    into pieces: inout PieceList
  ) throws {
    let (begin, end) = (start + range.lowerBound, start + range.upperBound)
    let known =
      model.isSinglePrecision
      ? -1 : model.tokens.id(of: UnsafeBufferPointer(rebasing: word[range]))
    if known >= 0 {
      pieces.append(known, begin, end, isSurface: true)
    } else if let byteIDs = model.byteIDs {
      for byte in word[range] { pieces.append(byteIDs[Int(byte)], begin, end) }
    } else if model.unknown >= 0 {
      pieces.append(model.unknown, begin, end, isSurface: true)
    } else {
      throw TokenizeError.unknownToken(bytes: Array(word[range]), record: 0)
    }
  }
}

/// Viterbi's table of one segment.
private struct Table {
  let sums: UnsafeMutableBufferPointer<Double>
  let begins: UnsafeMutableBufferPointer<Int32>
  let ids: UnsafeMutableBufferPointer<Int32>
  let model: UnigramModel
  var margin = Double.infinity

  mutating func fill(_ word: UnsafeBufferPointer<UInt8>) {
    model.trie.withCursor { cursor in
      model.scores.withUnsafeBufferPointer { scores in
        var start = 0
        while start < word.count {
          let single = start + UTF8Step.length(word[start])
          let base = sums[start]
          var hasSingle = false
          var node = ByteTrie.root
          var end = start
          while end < word.count {
            node = cursor.child(of: node, by: word[end])
            if node < 0 { break }
            end += 1
            let id = cursor.value(of: node)
            guard id >= 0 else { continue }
            if end == single { hasSingle = true }
            offer(id, start, end, scores[Int(id)] + base)
          }
          if !hasSingle { offer(model.unknown, start, single, model.unknownScore + base) }
          start = single
        }
      }
    }
  }

  /// Takes the piece `start..<end` if it gives a larger sum; the first of equal ones stays.
  @inline(__always)
  private mutating func offer(_ id: Int32, _ start: Int, _ end: Int, _ exactSum: Double) {
    let sum = model.rounded(exactSum)
    if begins[end] >= 0 {
      let difference = sum - sums[end]
      margin = min(margin, difference.magnitude)
      guard difference > 0 else { return }
    }
    sums[end] = sum
    begins[end] = Int32(truncatingIfNeeded: start)
    ids[end] = id
  }
}
