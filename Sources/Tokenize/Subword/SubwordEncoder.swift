/// Encodes records one by one: the mutable side of a `SubwordTokenizer`, for one thread.
struct SubwordEncoder {
  private let tokenizer: SubwordTokenizer
  private let addsSpecialTokens: Bool
  private let tracksOffsets: Bool
  private let context: EncodingContext
  private var model: any SubwordModelRunner
  private var document: Document
  private var part: AlignedText
  private var found: [Split] = []
  /// The tokens of the last record.
  private(set) var encoding = SubwordEncoding()

  init(_ tokenizer: SubwordTokenizer, addsSpecialTokens: Bool, tracksOffsets: Bool) {
    self.tokenizer = tokenizer
    self.addsSpecialTokens = addsSpecialTokens
    self.tracksOffsets = tracksOffsets
    // A step may ask where a text began in the record, which only offsets tell.
    let tracks = tracksOffsets || tokenizer.needsOffsets
    context = EncodingContext(tracksOffsets: tracks)
    model = tokenizer.model.makeRunner()
    document = Document(tracksOffsets: tracks)
    part = AlignedText(tracksOffsets: tracks)
  }

  /// Encodes record `number` of its chunk, which is well-formed UTF-8; `encoding` then has its
  /// tokens.
  mutating func encode(_ record: UnsafeBufferPointer<UInt8>, number: Int = 0) throws {
    do {
      try encodeWhole(record)
    } catch TokenizeError.unknownToken(let bytes, _) {
      throw TokenizeError.unknownToken(bytes: bytes, record: number)
    }
  }

  private mutating func encodeWhole(_ record: UnsafeBufferPointer<UInt8>) throws {
    encoding.removeAll()
    document.removeAll()
    context.longestText = EncodingContext.longestText(for: record.count)
    try extract(record)
    try tokenizer.preTokenizer?.apply(to: &document, context)
    try document.text.bytes.withUnsafeBufferPointer {
      try model.encode($0, document.splits, into: &encoding.pieces)
    }
    if tracksOffsets { encoding.align(with: document.text) }
    truncate()
    for step in tokenizer.postProcessors { apply(step, record) }
    pad()
  }

  /// The text of token `i` of the last record, as the tokenizer's vocabulary or the record has it.
  func withText<Result>(
    of i: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    let piece = encoding.pieces[i]
    if piece.isSurface {
      return try document.text.bytes.withUnsafeBufferPointer {
        try body(UnsafeBufferPointer(rebasing: $0[Int(piece.start)..<Int(piece.end)]))
      }
    }
    let text = tokenizer.text(of: piece.id) ?? []
    return try text.withUnsafeBufferPointer(body)
  }

  // MARK: Steps

  /// Finds added tokens and normalises what stands between them, into `document`.
  private mutating func extract(_ record: UnsafeBufferPointer<UInt8>) throws {
    guard tokenizer.added.hasOriginal else {
      return try normalize(record, 0..<record.count)
    }
    found.removeAll(keepingCapacity: true)
    tokenizer.added.find(in: record, isNormalized: false, into: &found)
    for split in found {
      let range = Int(split.start)..<Int(split.end)
      if split.id < 0 {
        try normalize(record, range)
      } else {
        let start = document.text.bytes.count
        document.text.append(original: record, range)
        document.splits.append(Split(start, document.text.bytes.count, id: split.id))
      }
    }
  }

  private mutating func normalize(
    _ record: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) throws {
    if range.isEmpty { return }
    let start = document.text.bytes.count
    if let normalizer = tokenizer.normalizer {
      part.removeAll()
      part.append(original: record, range)
      try normalizer.normalize(&part, context)
      document.text.append(part, 0..<part.bytes.count)
    } else {
      document.text.append(original: record, range)
    }
    let end = document.text.bytes.count
    if start == end { return }
    guard tokenizer.added.hasNormalized else { return document.splits.append(Split(start, end)) }
    let first = document.splits.count
    let text = document.text.bytes
    text.withUnsafeBufferPointer { text in
      let text = UnsafeBufferPointer(rebasing: text[start..<end])
      tokenizer.added.find(in: text, isNormalized: true, into: &document.splits)
    }
    for i in first..<document.splits.count {
      document.splits[i].start += UInt32(truncatingIfNeeded: start)
      document.splits[i].end += UInt32(truncatingIfNeeded: start)
    }
  }

  private mutating func truncate() {
    guard let truncation = tokenizer.truncation else { return }
    let specials = addsSpecialTokens ? tokenizer.specialCount : 0
    let limit = max(truncation.maximumLength - specials, 0)
    guard encoding.count > limit else { return }
    encoding.keep(
      truncation.keepsEnd ? encoding.count - limit..<encoding.count : 0..<limit)
  }

  private mutating func apply(_ step: PostProcessor, _ record: UnsafeBufferPointer<UInt8>) {
    switch step {
    case .trimOffsets(let addsSpace): if tracksOffsets { trim(record, addsSpace: addsSpace) }
    case .template(let parts):
      if parts.filter({ $0 == .sequence }).count != 1 { return repeatSequence(parts) }
      guard addsSpecialTokens else { return }
      var isBefore = true
      var place = 0
      for part in parts {
        guard case .special(let ids) = part else {
          isBefore = false
          continue
        }
        let at = isBefore ? place : encoding.count
        encoding.insert(ids, at: at, tracksOffsets: tracksOffsets)
        place += ids.count
      }
    }
  }

  /// A template with the record's tokens more than once, or not at all.
  private mutating func repeatSequence(_ parts: [TemplatePart]) {
    let sequence = encoding
    encoding.removeAll()
    for part in parts {
      switch part {
      case .special(let ids):
        if addsSpecialTokens {
          encoding.insert(ids, at: encoding.count, tracksOffsets: tracksOffsets)
        }
      case .sequence:
        for piece in sequence.pieces.items { encoding.pieces.append(piece) }
        encoding.starts += sequence.starts
        encoding.ends += sequence.ends
      }
    }
  }

  private mutating func trim(_ record: UnsafeBufferPointer<UInt8>, addsSpace: Bool) {
    for i in 0..<encoding.count {
      var (leading, trailing) = withText(of: i, Self.spaces)
      if leading == 0, trailing == 0 { continue }
      var (start, end) = (Int(encoding.starts[i]), Int(encoding.ends[i]))
      if addsSpace, leading == 1, i == 0 || start == 0 { leading = 0 }
      while leading > 0, start < end {
        start += UTF8Step.length(record[start])
        leading -= 1
      }
      while trailing > 0, end > start {
        end = UTF8Step.start(before: end, in: record)
        trailing -= 1
      }
      encoding.starts[i] = UInt32(truncatingIfNeeded: start)
      encoding.ends[i] = UInt32(truncatingIfNeeded: end)
    }
  }

  /// How many scalars at the ends of a token's text stand for white space.
  private static func spaces(
    _ text: UnsafeBufferPointer<UInt8>
  ) -> (leading: UInt32, trailing: UInt32) {
    let length = { (i: Int) in
      text[i] == 0xC4 && i + 1 < text.count && text[i + 1] == 0xA0
        ? 2 : WhiteSpace.length(at: i, in: text)
    }
    var leading: UInt32 = 0
    var i = 0
    while i < text.count, length(i) > 0 {
      i += length(i)
      leading += 1
    }
    var trailing: UInt32 = 0
    i = text.count
    while i > 0 {
      let start = UTF8Step.start(before: i, in: text)
      if length(start) == 0 { break }
      i = start
      trailing += 1
    }
    return (leading, trailing)
  }

  private mutating func pad() {
    guard let padding = tokenizer.padding else { return }
    let missing = padding.target(for: encoding.count) - encoding.count
    guard missing > 0 else { return }
    encoding.insert(
      repeatElement(padding.id, count: missing), at: padding.isAtStart ? 0 : encoding.count,
      tracksOffsets: tracksOffsets)
  }
}
